"""Filters and sorts as SQL: indexes serve what they can, and nothing a person types becomes SQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from runtime.errors import UserError
from runtime.store.conditions import Conditions
from runtime.store.dialect import on_server
from runtime.store.query import Query, Sort
from tests.support.apps import field_called
from tests.support.workspaces import Office, plan


def conditions(office: Office, where: str = "", *sort: str, form: str = "订单") -> Conditions:
    """The conditions of a query."""
    target = office.form(form)
    keys = tuple(Sort(field_called(target, name).id) for name in sort)
    return office.session.reader._conditions(Query(target.id, where, keys))


def sql(office: Office, where: str, *sort: str) -> str:
    """The statement with its constants as places."""
    made = conditions(office, where, *sort)
    statement = sa.select(made.table.c["_n"]).where(*made.where()).order_by(*made.order())
    return str(statement.compile(dialect=office.session._workspace.database.reader.dialect))


HOSTILE = ['x"; DROP TABLE meta;--', "' OR 1=1 --", "\\", "%_", "{编号}", "); DELETE FROM meta; --"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_person_types_is_a_parameter_and_never_sql(office: Office, text: str) -> None:
    spelled = text.replace('"', '""')
    statement = sql(office, f'{{编号}}="{spelled}"')
    assert text not in statement
    assert "DROP" not in statement
    assert "DELETE" not in statement
    assert office.session.form("订单").records(where=f'{{编号}}="{spelled}"') == []
    assert office.session.damage() == []


@pytest.mark.parametrize("name", ["c_x; DROP TABLE meta", "_id", "rowid", '"', "cxxxxxxxxxx"])
def test_a_sort_takes_ids_of_fields_only(office: Office, name: str) -> None:
    form = office.form("订单")
    with pytest.raises(UserError) as refusal:
        office.session.reader.ids(Query(form.id, sort=(Sort(name),)))
    assert refusal.value.code == "no_such_field"


def test_a_title_compare_looks_the_title_up_by_the_id_of_the_record(office: Office) -> None:
    made = conditions(office, '{客户}="张伟"', form="订单")
    statement = sa.select(made.table.c["_n"]).where(*made.where())
    with office.session._workspace.database.reader.connect() as connection:
        said = plan(connection, statement)
        lookups = said.count("USING INDEX"), said.count("_id_key on")
        assert lookups == ((0, 1) if on_server(connection) else (1, 0)), said
    assert on_server(connection) or said.count("SCAN") == 1


def test_the_bin_is_left_out_and_a_plain_query_has_no_other_condition(office: Office) -> None:
    assert sql(office, "").count("WHERE") == 1
    assert "_del" in sql(office, "")
    assert sql(office, "").rstrip().endswith("_n ASC")


def test_a_filter_too_deep_or_too_wide_is_refused_in_words(office: Office) -> None:
    deep = "NOT(" * 70 + "{重量}>0" + ")" * 70
    with pytest.raises(UserError) as refusal:
        office.session.form("订单").count(deep)
    assert refusal.value.code in {"formula_not_in_sql", "bad_filter"}
    with pytest.raises(UserError):
        office.session.form("订单").count("(" * 10_000 + "1" + ")" * 10_000 + "=1")


def test_a_form_that_does_not_exist_has_no_conditions(office: Office) -> None:
    with pytest.raises(UserError) as refusal:
        Conditions(office.session._workspace.apps.now, Query("fxxxxxxxxxx"), office.session.reader.situation())
    assert refusal.value.code == "no_such_form"
