"""The contract of every field type, tried on every kind that exists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from resources.texts import LANGUAGES, speaking
from runtime.definition.property import Option
from runtime.errors import Problem
from runtime.fields import FieldType, TextType, Unreadable, field_type, field_types
from runtime.numbers import LARGEST
from runtime.store.schema import COLUMN_TYPES
from runtime.value.types import Kind

KINDS = list(field_types)
OPTIONS = tuple(Option(f"o{i}", name) for i, name in enumerate(("高", "中", "Low price")))

_words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=60)
_moments = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1))


def _decimals(places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-(10**15), 10**15).map(lambda n: Decimal(n).scaleb(-places))


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": _words,
    "long_text": st.lists(_words, min_size=1, max_size=4).map("\n".join),
    "integer": st.integers(-LARGEST, LARGEST),
    "decimal": _decimals(2),
    "money": _decimals(2),
    "percent": _decimals(2),
    "date": st.dates(min_value=date(1000, 1, 1)),
    "date_time": _moments.map(lambda m: m.replace(microsecond=0, tzinfo=UTC)),
    "boolean": st.booleans(),
    "choice": st.sampled_from([option.id for option in OPTIONS]),
    "relation": st.uuids(version=4),
    "choices": st.sets(st.sampled_from(range(len(OPTIONS))), min_size=1).map(
        lambda places: tuple(OPTIONS[at].id for at in sorted(places))
    ),
    "email": st.from_regex(r"[a-z0-9][a-z0-9_+-]{0,20}@[a-z0-9]{1,12}\.(com|cn|公司)", fullmatch=True),
    "phone": st.from_regex(r"1[3-9][0-9]{9}|010-[0-9]{8}|0755-[0-9]{8}-[0-9]{1,4}|\+44[0-9]{10}", fullmatch=True),
    "url": st.from_regex(r"https?://[a-z]{1,10}\.(com|cn)(/[a-zA-Z0-9_%]{0,20}){0,3}(\?q=[0-9]{1,4})?", fullmatch=True),
}


def props_of(kind: FieldType) -> Any:
    """Legal properties of a kind, with options where it needs them."""
    return kind.read({"options": msgspec.to_builtins(OPTIONS), "form": "fabcdefghij"})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
class TestContract:
    """Every field type keeps these promises."""

    def test_it_says_what_it_is(self, kind: FieldType) -> None:
        assert (type(kind).__doc__ or "").strip()
        assert str(kind.label) and str(kind.group) and kind.icon
        assert kind.column in COLUMN_TYPES
        Kind(kind.value_type)

    def test_its_own_test_file_exists(self, kind: FieldType) -> None:
        tests = Path(__file__).parents[1] / "runtime" / "fields" / f"test_{kind.name}.py"
        assert tests.exists(), f"write {tests.name} for what is special about {kind.name}"

    def test_its_properties_have_labels_legal_defaults_and_both_languages(self, kind: FieldType) -> None:
        for declared in kind.properties:
            assert declared.default is None or declared.problem(declared.default) is None
            for code in LANGUAGES:
                with speaking(code):
                    assert str(declared.label)
        assert kind.check_props(_node(kind, {})) == []

    def test_an_ill_typed_property_is_named_and_falls_back_to_its_default(self, kind: FieldType) -> None:
        node = _node(kind, {"required": ["no"], "help": "kept"})
        problems = kind.check_props(node)
        assert [problem.code for problem in problems] == ["property_type"]
        assert kind.read(node.props).required is False
        assert kind.read(node.props).help == "kept"

    @given(data=st.data())
    def test_values_survive_column_json_text_and_formula(self, kind: FieldType, data: st.DataObject) -> None:
        value, props = data.draw(VALUES[kind.name]), props_of(kind)
        assert kind.check(value, props) is None
        assert kind.from_column(kind.to_column(value, props), props) == value
        wire = msgspec.json.decode(msgspec.json.encode(kind.to_json(value, props)))
        assert kind.from_json(wire, props) == value
        assert kind.from_formula(kind.to_formula(value, props), props) == value
        for code in LANGUAGES:
            with speaking(code):
                assert kind.parse(kind.format(value, props), props) == value

    def test_a_column_is_checked_as_its_cells_are(self, kind: FieldType) -> None:
        props = props_of(kind)
        column = [None, object(), None]
        assert list(kind.check_column(column, props)) == [1]

    def test_blank_text_is_blank(self, kind: FieldType) -> None:
        assert kind.parse("", props_of(kind)) is None
        assert kind.parse("  ", props_of(kind)) is None

    def test_nonsense_is_refused_in_words_or_taken_as_text(self, kind: FieldType) -> None:
        if isinstance(kind, TextType):
            assert kind.parse("~nonsense~", props_of(kind)) == "~nonsense~"
            return
        with pytest.raises(Unreadable) as wrong:
            kind.parse("~nonsense~", props_of(kind))
        assert isinstance(wrong.value.problem("c1"), Problem)
        assert "~nonsense~" in str(wrong.value.message)


def test_every_icon_of_a_field_type_is_drawn() -> None:
    names = resources.path("icons")
    assert names.exists()


def test_a_type_of_a_newer_program_is_shown_and_kept() -> None:
    kind = field_type("hologram")
    assert not kind.offered
    assert kind.from_column("anything", None) == "anything"
    assert "newer" in str(kind.label)


def _node(kind: FieldType, props: dict[str, Any]) -> Any:
    from runtime.definition.node import Node

    return Node("c1", f"field.{kind.name}", "f1", "fields", "i", props)
