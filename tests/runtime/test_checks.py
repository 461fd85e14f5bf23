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
from tests.support.apps import Builder, an_app, customers_and_orders, field_called, form_called, options, shop


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


def test_a_formula_reaches_over_relations_sub_forms_and_ways_back() -> None:
    app = shop()
    assert found(app) == []
    orders = form_called(app, "订单")
    amount = field_called(orders, "金额").id
    for formula in ("LEN({客户}.{名称})", 'IF({客户}="张伟",1,2)', "SUM({明细.小计})", "COUNTA({客户}.{订单}.{明细})"):
        assert codes(SetProperty(amount, "formula", formula).apply(app)) == [], formula
    unknown = ("{客户}.{没有}", "{明细}.{没有}", "{main}.{编号}", "{客户}.{客户}", "{编号}.{名称}", "{明细.小计}.{x}")
    for formula in unknown:
        assert codes(SetProperty(amount, "formula", f"COUNTA({formula})").apply(app)) == ["unknown_field"], formula
    assert "wrong_type" in codes(SetProperty(amount, "formula", "{明细}.{小计}+1").apply(app))


def test_a_circle_over_forms_is_shown_with_its_path_in_words() -> None:
    app = shop()
    price = field_called(form_called(app, "产品"), "单价").id
    back = SetProperty(field_called(form_called(app, "订单").subforms[0], "产品").id, "reverse", "行").apply(app)
    (problem,) = found(SetProperty(price, "formula", "MAX({行}.{小计})").apply(back))
    words = str(problem.message).split(": ")[1].rstrip(".").split(" → ")
    assert problem.code == "cycle"
    assert (len(words), words[0]) == (4, words[-1])
    assert set(words) == {"产品.单价", "明细.单价", "明细.小计"}


def test_a_circle_through_another_record_of_the_form_is_one_too() -> None:
    build = an_app()
    form = build.form("部门")
    build.field(form, "relation", "上级", form=form, reverse="下级")
    total = build.field(form, "decimal", "合计", formula="SUM({下级}.{合计})")
    (problem,) = found(build.app)
    assert (problem.where, problem.code) == (total, "cycle")
    assert str(problem.message) == "These formulas need each other: 部门.合计 → 部门.合计."


def test_a_circle_through_the_title_of_a_record_is_one_too() -> None:
    build = an_app()
    form = build.form("部门")
    build.field(form, "text", "名称", formula='{上级}&"/"')
    build.field(form, "relation", "上级", form=form)
    assert codes(build.app) == ["cycle"]


def test_a_circle_over_apps_is_found_by_the_one_that_closes_it() -> None:
    first = an_app("一")
    customers = first.form("客户")
    second = an_app("二")
    orders = second.form("订单")
    second.field(orders, "relation", "客户", form=customers, reverse="订单")
    second.field(orders, "decimal", "折扣", formula="{客户}.{合计}")
    first.field(customers, "decimal", "合计", formula="SUM({订单}.{折扣})")
    forms = lookup([first.app, second.app])
    for app in (first.app, second.app):
        assert [problem.code for problem in problems_of(app, forms)] == ["cycle"]


def test_a_path_over_too_many_forms_and_a_chain_that_is_too_long_are_refused() -> None:
    build = an_app()
    form = build.form("人")
    build.field(form, "relation", "上级", form=form)
    build.field(form, "integer", "数")
    build.field(form, "integer", "远", formula=".".join(["{上级}"] * 4 + ["{数}"]))
    assert codes(build.app) == []
    build.field(form, "integer", "太远", formula=".".join(["{上级}"] * 5 + ["{数}"]))
    assert codes(build.app) == ["path_too_long"]
    build = an_app()
    form = build.form("人")
    build.field(form, "relation", "上级", form=form)
    build.field(form, "integer", "第0")
    for at in range(1, 12):
        build.field(form, "integer", f"第{at}", formula=f"{{上级}}.{{第{at - 1}}}")
    assert codes(build.app) == []
    build.field(form, "integer", "第12", formula="{上级}.{第11}")
    build.field(form, "integer", "第13", formula="{上级}.{第12}")
    assert codes(build.app) == ["chain_too_long"]


def test_a_sub_form_has_none_of_its_own() -> None:
    app = shop()
    lines = form_called(app, "订单").subforms[0].id
    build = Builder(app)
    below = build.subform(lines, "更细")
    assert [(problem.where, problem.code) for problem in found(build.app)] == [(below, "nested_subform")]


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
