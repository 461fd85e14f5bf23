"""Everything that can be wrong with an app is found and named, with a code, at its node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from resources.texts import speaking
from runtime.checks import problems_of
from runtime.definition.edits import AddNode, RemoveNode, SetProperty
from runtime.definition.node import App, Node
from runtime.errors import Problem, Severity
from runtime.form import field_node, lookup
from tests.support.apps import Builder, an_app, customers_and_orders, field_called, form_called, options


def found(app: App) -> list[Problem]:
    """Every problem of an app alone in its workspace."""
    return problems_of(app, lookup([app]))


def codes(app: App) -> list[str]:
    """Their codes."""
    return [problem.code for problem in found(app)]


def one_field(type_name: str = "text", **props: Any) -> App:
    """An app of one form with one field."""
    build = an_app()
    form = build.form("单")
    build.field(form, type_name, "甲", **props)
    return build.app


def with_formulas(**formulas: str) -> App:
    """An app of one form with computed numbers."""
    build = an_app()
    form = build.form("单")
    for name, formula in formulas.items():
        build.field(form, "decimal", name, formula=formula)
    return build.app


def test_the_sample_app_has_no_problem() -> None:
    assert found(customers_and_orders()) == []


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        (one_field("integer", minimum=5, default="{乙}"), ["unknown_field"]),
        (one_field("integer", formula="1+"), ["value_expected"]),
        (one_field("integer", check="SUMM(1)"), ["unknown_function"]),
        (one_field("text", max_length=0), ["property_value"]),
        (one_field("text", max_length="lang"), ["property_type"]),
        (one_field("decimal", decimals=99), ["property_value"]),
        (one_field("relation"), ["no_target"]),
        (one_field("relation", form="fxxxxxxxxxx"), ["no_target"]),
        (one_field("choice", options=[{"id": "o1", "label": "甲"}, {"id": "o2", "label": " 甲 "}]), ["options_alike"]),
        (one_field("choice", options=[{"id": "o1", "label": " "}]), ["option_unnamed"]),
        (one_field("hologram"), ["unknown_kind"]),
        (with_formulas(甲="{甲}+1"), ["cycle"]),
        (with_formulas(甲="{乙}", 乙="{丙}", 丙="{甲}"), ["cycle"]),
        (with_formulas(甲="{乙}+{乙}", 乙="1"), []),
    ],
)
def test_each_problem_has_its_code(app: App, expected: list[str]) -> None:
    assert codes(app) == expected
    for problem in found(app):
        assert problem.where in app.nodes
        with speaking("zh_CN"):
            assert str(problem.message)


def test_a_cycle_is_shown_with_its_path() -> None:
    (problem,) = found(with_formulas(甲="{乙}", 乙="{丙}", 丙="{甲}"))
    message = str(problem.message)
    assert message.count("→") == 3
    assert all(name in message for name in "甲乙丙")


def test_names_are_needed_and_differ() -> None:
    build = an_app()
    form = build.form("单")
    build.field(form, "text", "名称")
    build.field(form, "text", " 名称 ")
    build.field(form, "text", "")
    nameless = build.form("")
    assert sorted(codes(build.app)) == ["same_name", "unnamed", "unnamed"]
    assert nameless in {problem.where for problem in found(build.app)}


def test_a_formula_reaches_its_own_form_only() -> None:
    app = customers_and_orders()
    amount = field_called(form_called(app, "订单"), "金额").id
    assert codes(SetProperty(amount, "formula", "LEN({客户}.{名称})").apply(app)) == ["foreign_field"]
    assert codes(SetProperty(amount, "formula", 'IF({客户}="张伟",1,2)').apply(app)) == ["foreign_field"]


def test_unknown_kinds_are_a_warning_and_stop_nothing() -> None:
    (problem,) = found(one_field("hologram"))
    assert problem.severity is Severity.WARNING
    assert not problem.stops


def test_a_part_without_a_whole_is_found() -> None:
    app = customers_and_orders()
    lost = field_node("fxxxxxxxxxx", "text", "verloren")
    assert codes(app.replacing({lost.id: lost})) == ["orphan"]


def test_an_id_that_is_none_is_found() -> None:
    build = an_app()
    form = build.form("单")
    node = field_node(form, "text", "名称")
    evil = replace(node, id='c";--')
    assert codes(build.app.replacing({evil.id: evil})) == ["bad_id"]


def test_a_relation_whose_form_was_taken_out_is_found() -> None:
    app = customers_and_orders()
    assert "no_target" in codes(RemoveNode(form_called(app, "客户").id).apply(app))


def test_a_hostile_app_is_named_and_crashes_nothing() -> None:
    build = Builder(an_app().app)
    form = build.form("单")
    hostile: list[dict[str, Any]] = [
        {"options": "x"},
        {"options": [{"id": 1}]},
        {"required": "vielleicht"},
        {"formula": 5},
        {"default": ["x"]},
        {"form": {"a": 1}},
        {"max_length": 10**30},
        {"check": "=" * 5000},
        {"formula": "(" * 3000},
        {"unknown": {"deep": [[[[]]]]}},
    ]
    for at, props in enumerate(hostile):
        for kind in ("text", "choice", "relation", "integer"):
            node = field_node(form, kind, f"{kind}{at}", **props)
            build.app = AddNode(node).apply(build.app)
    problems = found(build.app)
    assert problems
    assert {problem.where for problem in problems} <= build.app.nodes.keys()
    assert all(str(problem.message) for problem in problems)
    assert isinstance(build.app.root, Node)


def test_options_of_a_computed_choice_are_fine() -> None:
    build = an_app()
    form = build.form("单")
    build.field(form, "choice", "级", options=options("甲", "乙"), formula='"甲"')
    assert codes(build.app) == []
