"""Stored and shown spelling of formulas."""

from __future__ import annotations

import pytest
from hypothesis import given

from runtime.expression.parser import parse
from runtime.expression.rewrite import shown_form, stored_form
from runtime.value.types import NUMBER
from tests.runtime.expression import database
from tests.runtime.expression.formulas import formulas
from tests.runtime.expression.sample import SCHEMA, SampleSchema, field


@pytest.mark.parametrize(
    ("shown", "stored"),
    [
        ("{单价} * {数量}", "{#c_price} * {#c_count}"),
        ("如果（{单价}＞1，“高”，2）", "IF（{#c_price}＞1，“高”，2）"),
        ("{客户}.{等级}&{客户} . {等级}", "{#c_customer}.{#c_grade}&{#c_customer}.{#c_grade}"),
        ('"{单价}"', '"{单价}"'),
        ("{不存在}+1", "{不存在}+1"),
        ("{#c_price}", "{#c_price}"),
        ("ISBLANK({当前用户})", "ISBLANK(CURRENTUSER())"),
        ("{Current User}={客户}", "CURRENTUSER()={#c_customer}"),
    ],
)
def test_labels_become_ids_and_aliases_canonical_names(shown: str, stored: str) -> None:
    assert stored_form(shown, SCHEMA) == stored


def test_a_renamed_field_is_shown_with_its_new_label() -> None:
    renamed = SampleSchema([field("c_price", "售价}", NUMBER)])
    assert shown_form("{#c_price}*2", renamed) == "{售价}}}*2"
    assert stored_form("{售价}}}*2", renamed) == "{#c_price}*2"


def test_a_label_that_two_fields_bear_or_that_looks_like_an_id_stays_an_id() -> None:
    twins = SampleSchema([field("c_a", "金额", NUMBER), field("c_b", "金额", NUMBER), field("c_c", "#c_a", NUMBER)])
    assert shown_form("{#c_a}+{#c_b}+{#c_c}", twins) == "{金额}+{#c_b}+{#c_c}"


def test_a_deleted_field_stays_as_it_is() -> None:
    assert shown_form("{#c_gone}+{#c_price}", SCHEMA) == "{#c_gone}+{单价}"


@given(formulas)
def test_there_and_back_is_the_same_formula(source: str) -> None:
    schema = database.SCHEMA
    stored = stored_form(source, schema)
    assert all(f"{{{each.labels[0]}}}" not in stored for each in schema.fields if '"' not in source)
    assert parse(shown_form(stored, schema)) == parse(source)
    assert database.checked(stored).node == database.checked(source).node
