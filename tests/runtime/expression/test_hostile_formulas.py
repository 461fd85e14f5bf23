"""Bad and hostile formulas (security design, 5.FML): each gives a value or a named error at its place, at once."""

from __future__ import annotations

import re
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from runtime.checks import problems_of
from runtime.definition.edits import RemoveNode, SetProperty
from runtime.definition.labels import label
from runtime.errors import Problem, Severity
from runtime.exchange.importing.importer import import_into
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.expression import FormulaError, evaluate
from runtime.expression.check import check
from runtime.expression.compile_python import compile_typed
from runtime.expression.evaluation import _prepared
from runtime.expression.rewrite import shown_form, stored_form
from runtime.form import lookup
from runtime.permission.scope import Scope
from runtime.store.form_schema import FormSchema
from runtime.work import Progress
from tests.runtime.expression.sample import SITUATION, checked
from tests.support.apps import Builder, an_app, customers_and_orders, field_called, form_called
from tests.support.workspaces import Office

SECONDS = 0.06
"""Processor time that a formula may take from its text to its result."""

MEGABYTES = 20


@dataclass(frozen=True)
class Row:
    """A formula and what comes of it.

    Attributes:
        id: of the table in the design.
        formula, values: what is evaluated.
        expected: the value, or the code of an error.
        says: words of the message.
        at: the part of the formula that is to blame.
    """

    id: str
    formula: str
    expected: Any
    values: dict[str, Any] = field(default_factory=dict)
    says: str = ""
    at: str | None = None


ROWS = [
    Row("FML-01", "", None),
    Row("FML-01", "  \n ", None),
    Row("FML-02", "=", "#VALUE!", says="a value is expected here", at=""),
    Row("FML-03", "1+", "#VALUE!", says="a value is expected here", at=""),
    Row("FML-04", "(1+2", "#VALUE!", says="never closed", at="("),
    Row("FML-04", "SUM(1,2", "#VALUE!", says="never closed", at="("),
    Row("FML-05", "(" * 301 + "1" + ")" * 301, "#VALUE!", says="64 levels are allowed", at="("),
    Row("FML-05", "-" * 5_000 + "1", "#VALUE!", says="64 levels are allowed"),
    Row("FML-05", "IF(" * 200 + "1" + ")" * 200, "#VALUE!", says="64 levels are allowed"),
    Row("FML-05", "1" + "+1" * 500, "#VALUE!", says="SUM or CONCAT"),
    Row("FML-06", "1+" * 500_000 + "1", "#VALUE!", says="10,000 are allowed"),
    Row("FML-06", "SUM(" + ",".join(["SUM(1,1,1,1,1,1,1,1,1)"] * 240) + ")", "#VALUE!", says="too many parts"),
    Row("FML-06", "SUM(" + ",".join(["1"] * 300) + ")", "#VALUE!", says="Too many values"),
    Row("FML-07", "（{单价}＊{数量}）", Decimal(6), {"单价": 2, "数量": 3}),
    Row("FML-07", "ＳＵＭ（１，２．５）＋５％", Decimal("3.55")),
    Row("FML-07", "IF（{单价}≥2，“多”，“少”）", "多", {"单价": 2}),
    Row("FML-08", "“他说”&“，（）”", "他说，（）"),
    Row("FML-09", "SUMM(1)", "#NAME?", says="Did you mean SUM?", at="SUMM"),
    Row("FML-10", "ROUND()", "#VALUE!", says="ROUND(number, [digits])", at="ROUND()"),
    Row("FML-10", "LEFT(1,2,3)", "#VALUE!", says="LEFT(text, [characters])"),
    Row("FML-11", "{单价1}*2", "#NAME?", {"单价": 1}, says="Did you mean “单价”?", at="{单价1}"),
    Row("FML-11", "[单价]*2", "#VALUE!", {"单价": 1}, says="Fields stand in braces", at="["),
    Row("FML-17", "1/0", "#DIV/0!", at="1/0"),
    Row("FML-17", "2+{a}/{b}*3", "#DIV/0!", {"a": 1, "b": None}, at="{a}/{b}"),
    Row("FML-18", "0/0", "#DIV/0!"),
    Row("FML-18", "MOD(5,0)", "#DIV/0!", at="MOD(5,0)"),
    # Powers are left associative as in Excel: 9^9^9 is 9^81, a number. Only the other grouping is beyond every limit.
    Row("FML-19", "9^9^9", Decimal("1.966270504755529136180759085269121E+77")),
    Row("FML-19", "9^(9^9)", "#NUM!", at="9^(9^9)"),
    Row("FML-19", "9^9^9^9^9^9^9", "#NUM!"),
    Row("FML-19", "1E+308*10", "#NUM!"),
    Row("FML-19", "1.0000001^1E+300", "#NUM!"),
    Row("FML-20", "FACT(100000)", "#NUM!"),
    Row("FML-21", 'REPT("a",1E+9)', "#VALUE!"),
    Row("FML-21", 'REPT(REPT("a",30000),30000)', "#VALUE!"),
    Row("FML-21", "{t}&{t}", "#VALUE!", {"t": "x" * 32_767}),
    Row("FML-21", 'SUBSTITUTE({t},"x",{t})', "#VALUE!", {"t": "x" * 30_000}),
    Row("FML-21", "SUM({l})", "#VALUE!", {"l": [1] * 10_001}),
    Row("FML-22", 'LEFT("x",-1)', "#VALUE!"),
    Row("FML-22", 'MID("x",0,1)', "#VALUE!"),
    Row("FML-23", "SQRT(-1)", "#NUM!"),
    Row("FML-23", "LN(0)", "#NUM!"),
    Row("FML-24", "0.1+0.2", Decimal("0.3")),
    Row("FML-24", "{a}+{b}", Decimal("0.3"), {"a": 0.1, "b": 0.2}),
    Row("FML-25", "99999999999999999999+0.01", Decimal("99999999999999999999.01")),
    # A text constant that shows a number is used as one, with a warning, as in Excel; a text field is refused by the
    # checker and hints at VALUE (design 5.1), see below.
    Row("FML-26", '"5"+3', Decimal(8)),
    Row("FML-26", '"fünf"+3', "#VALUE!", says="VALUE turns a text into a number", at='"fünf"'),
    Row("FML-26", "{t}+3", "#VALUE!", {"t": "fünf"}, says="VALUE turns a text into a number", at="{t}"),
    Row("FML-27", '""+1', "#VALUE!", at='""'),
    Row("FML-27", "{leer}+1", Decimal(1), {"leer": None}),
    Row("FML-27", "SUM({leer},1)", Decimal(1), {"leer": None}),
    # Yes and no count as 1 and 0 in arithmetic, as in Excel and design 5.1.
    Row("FML-28", "TRUE+1", Decimal(2)),
    Row("FML-29", "{d}+{d}", "#VALUE!", {"d": date(2024, 1, 1)}, says="Dates cannot be added", at="{d}+{d}"),
    Row("FML-29", "1-{d}", "#VALUE!", {"d": date(2024, 1, 1)}, says="cannot be taken away"),
    Row("FML-30", "{b}-{a}", Decimal(29), {"a": date(2024, 2, 1), "b": date(2024, 3, 1)}),
    # Days beyond the end of a month count on, as in Excel.
    Row("FML-31", "DATE(2023,2,29)", date(2023, 3, 1)),
    Row("FML-31", "DATE(2023,1E+300,1)", "#NUM!"),
    Row(
        "FML-32",
        'DATEADD({d},1,"day; DROP TABLE")',
        "#VALUE!",
        {"d": date(2024, 1, 1)},
        says="One of these",
        at='"day; DROP TABLE"',
    ),
    Row("FML-33", 'DATEADD({d},1,"day")', "#NUM!", {"d": date(9999, 12, 31)}),
    Row("FML-33", "{d}+1E+300", "#NUM!", {"d": date(9999, 12, 31)}),
    Row("FML-34", 'DATEADD({d},1,"month")', date(2024, 2, 29), {"d": date(2024, 1, 31)}),
    Row("FML-36", "NOW()", datetime(2024, 5, 17, 9, 30)),
    Row("FML-38", "IF()", "#VALUE!", says="IF(condition"),
    Row("FML-38", "IF(1)", "#VALUE!", says="IF(condition, value if true, [value if false])", at="IF(1)"),
    Row("FML-38", "IF(1,2,3,4)", "#VALUE!", says="IF(condition"),
    Row("FML-39", 'IF({ja},1,"x")', "x", {"ja": False}),
    Row("FML-39", 'IF({ja},1,"x")*2', Decimal(2), {"ja": True}),
    Row("FML-39", 'IF({ja},1,"x")*2', "#VALUE!", {"ja": False}),
    Row("FML-41", "{订单}.{金额}", [], {"订单": []}),
    Row(
        "FML-41",
        "{订单}.{金额}*2",
        "#VALUE!",
        {"订单": [{"金额": 1}, {"金额": 2}]},
        says="this is a list",
        at="{订单}.{金额}",
    ),
    Row("FML-42", '"é"="e\u0301"', True),
    # Formulas order texts by their characters without letter case; lists of records have the order of the store.
    Row("FML-43", '"zhang"<"张"', True),
    Row("FML-43", '"a"<"B"', True),
    Row("FML-44", 'REGEXTEST({t},"(a+)+$")', False, {"t": "a" * 30_000 + "b"}),
    Row("FML-44", 'REGEXREPLACE({t},"(a|aa)+$","")', "a" * 20_000 + "b", {"t": "a" * 20_000 + "b"}),
    Row("FML-45", 'CONCAT("<b>",{x})', "<b><script>", {"x": "<script>"}),
    Row("FML-46", '"=HYPERLINK(""http://x"")"', '=HYPERLINK("http://x")'),
    Row("FML-47", "__import__('os')", "#VALUE!", says="Texts stand in double quotes", at="'"),
    Row("FML-47", '__import__("os")', "#NAME?", says="There is no function __import__", at="__import__"),
    Row("FML-48", '"".__class__', "#VALUE!", at="."),
    Row("FML-49", '{x}.format("")', "#VALUE!", {"x": "a"}, says="After the dot comes a field in braces", at="format"),
    Row("FML-49", "{0.__class__}", "#NAME?", says="There is no field “0.__class__” here"),
    Row("FML-49", '{x}&"{0.__class__}%s"', "a{0.__class__}%s", {"x": "a"}),
    Row("FML-50", "lambda:0", "#VALUE!", at=":"),
    Row("FML-50", "[i for i in x]", "#VALUE!", at="["),
    Row("FML-50", "{x}:=1", "#VALUE!", {"x": 1}, at=":"),
    Row("FML-51", 'eval("1")', "#NAME?", says="There is no function eval", at="eval"),
    Row("FML-51", "exec(1)", "#NAME?", says="There is no function exec"),
    Row("FML-51", "open", "#NAME?", says="neither a field nor a function", at="open"),
    Row("FML-52", "`{x}`", "#VALUE!", {"x": 1}, at="`"),
    Row("FML-52", "1; DROP TABLE f_x", "#VALUE!", at=";"),
    Row("FML-52", "1--1", Decimal(2)),
    Row("FML-52", "1 -- x", "#NAME?", at="x"),
    Row("FML-52", "/* x */ 1", "#VALUE!", at="/"),
    Row("FML-53", '"{{7*7}} ${7*7} <%= %>"', "{{7*7}} ${7*7} <%= %>"),
    Row("FML-54", "1+\x001", "#VALUE!", says="U+0000", at="\x00"),
    Row("FML-54", '"a\x1b[2J"', "#VALUE!", says="U+001B", at="\x1b"),
    Row("FML-54", '"\ud800"', "#VALUE!", says="U+D800"),
    Row("FML-55", '1+"a\u202eb"', "#VALUE!", says="invisible character", at="\u202e"),
    Row("FML-55", "1\u200b+1", "#VALUE!", says="invisible character", at="\u200b"),
    # Full-width letters are accepted (design 5.1); letters that only look alike are other letters.
    Row("FML-56", "ｏｒ（TRUE，FALSE）", True),
    Row("FML-56", "ЅUM(1)", "#NAME?", says="Did you mean SUM?"),
    Row("FML-58", "{#cdeleted000}+1", "#REF!", says="deleted", at="{#cdeleted000}"),
]


def _computed(row: Row) -> tuple[Any, float]:
    """The result of a formula that nobody has seen before, and the processor time it took."""
    _prepared.cache_clear()
    compile_typed.cache_clear()
    start = time.thread_time()
    got = evaluate(row.formula, row.values, SITUATION)
    return got, time.thread_time() - start


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id} {row.formula[:24]!a}")
def test_a_bad_formula_gives_a_value_or_a_named_error_at_its_place_at_once(row: Row) -> None:
    got, taken = min((_computed(row) for _ in range(3)), key=lambda found: found[1])
    if isinstance(row.expected, str) and row.expected.startswith("#"):
        assert isinstance(got, FormulaError)
        assert got.code == row.expected
        assert row.says in str(got)
        assert 0 <= got.start <= got.end <= len(row.formula)
        assert row.at is None or row.formula[got.start : got.end] == row.at
    else:
        assert got == row.expected
        assert type(got) is type(row.expected)
    assert taken < SECONDS


@pytest.mark.parametrize("formula", ['REPT("a",1E+9)', "9^(9^9)", "FACT(100000)", "(" * 5_000, "1+" * 500_000])
def test_what_is_beyond_the_limits_takes_no_memory(formula: str) -> None:
    evaluate(formula)
    tracemalloc.start()
    evaluate(f"{formula}+0")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MEGABYTES * 1_000_000


# --- what other layers say --------------------------------------------------------------------------------------------


def _found(build: Builder) -> list[Problem]:
    return problems_of(build.app, lookup([build.app]))


def _with(type_name: str = "decimal", **props: Any) -> Builder:
    """One form with a number 甲, a date-time 时 and the field 乙 that has these properties."""
    build = an_app()
    form = build.form("单")
    build.field(form, "decimal", "甲")
    build.field(form, "date_time", "时")
    build.field(form, type_name, "乙", **props)
    return build


def no_right_at_design_time() -> None:
    app = customers_and_orders()
    orders = form_called(app, "订单")
    price = field_called(orders, "单价")
    scope = Scope(readable=((orders.id, frozenset(each.id for each in orders.fields) - {price.id}),))
    schema = FormSchema(orders, lookup([app]), scope)
    for formula in ("{单价}", f"{{#{price.id}}}", "IF(ISBLANK({单价}),1,2)", "IFERROR({单价},0)", "{单价}&1"):
        found = check(formula, schema)
        assert found.node is None
        assert found.problems[0].code in ("unknown_field", "deleted_field")
        assert "单价" not in [each.labels[-1] for each in found.references]
    assert check("{数量}", schema).correct


def a_field_of_another_app() -> None:
    mine, other = _with(), customers_and_orders()
    stranger = field_called(form_called(other, "订单"), "单价")
    schema = FormSchema(form_called(mine.app, "单"), lookup([mine.app, other]))
    assert [each.code for each in check(f"{{#{stranger.id}}}+1", schema).problems] == ["deleted_field"]
    assert [each.code for each in check("{单价}+1", schema).problems] == ["unknown_field"]


def a_formula_that_needs_itself() -> None:
    (problem,) = [each for each in _found(_with(formula="{乙}+1")) if each.stops]
    assert problem.code == "cycle"
    assert "乙 → 乙" in str(problem.message)


def a_cycle_through_a_relation() -> None:
    build = an_app()
    customers, orders = build.form("客户"), build.form("订单")
    build.field(customers, "money", "总额", formula="SUM({订单}.{金额})")
    build.field(orders, "relation", "客户", form=customers, reverse="订单")
    build.field(orders, "money", "金额", formula="{客户}.{总额}*2")
    problems = [each for each in _found(build) if each.stops]
    assert {each.code for each in problems} == {"cycle"}
    assert "总额" in str(problems[0].message)
    assert "→" in str(problems[0].message)


def a_computed_field_in_an_imported_file(folder: Path) -> None:
    book = xlsxwriter.Workbook(str(folder / "订单.xlsx"))
    sheet = book.add_worksheet("订单")
    for number, row in enumerate([["编号", "数量", "单价", "折扣", "金额"], ["A", 2, 3, 0, 999], ["B", 4, 5, 0, 999]]):
        sheet.write_row(number, 0, row)
    book.close()
    office, progress = Office(folder, customers_and_orders()), Progress()
    plan = understand(open_workbook(folder / "订单.xlsx", progress), progress)
    assert import_into(office.session, plan, "订单", None, progress).created == 2
    found = {record["编号"]: record["金额"] for record in office.session.form("订单").records()}
    assert found == {"A": Decimal("6.00"), "B": Decimal("20.00")}
    office.session.close()


def today_in_a_stored_field() -> None:
    (problem,) = _found(_with("date", formula="TODAY()+1"))
    assert (problem.code, problem.severity) == ("recomputed_daily", Severity.WARNING)


def now_where_nothing_is_stored() -> None:
    assert _found(_with(check="{时}<=NOW()")) == []
    assert checked("{时间}<=NOW()").volatile


def chance_where_values_must_repeat_or_differ() -> None:
    assert [each.code for each in _found(_with(formula="RAND()"))] == ["random_here"]
    assert [each.code for each in _found(_with(unique=True, default="RAND()"))] == ["random_here"]
    assert [each.code for each in _found(_with(check="RAND()>0.5"))] == ["random_here"]
    assert _found(_with(default="RAND()")) == []


def a_renamed_field() -> None:
    app = customers_and_orders()
    orders = form_called(app, "订单")
    stored = stored_form("{单价}*2", FormSchema(orders, lookup([app])))
    renamed = SetProperty(field_called(orders, "单价").id, "label", label("售价")).apply(app)
    schema = FormSchema(form_called(renamed, "订单"), lookup([renamed]))
    assert check(stored, schema).correct
    assert shown_form(stored, schema) == "{售价}*2"


def a_deleted_field() -> None:
    app = customers_and_orders()
    gone = RemoveNode(field_called(form_called(app, "订单"), "单价").id).apply(app)
    assert any(problem.stops for problem in problems_of(gone, lookup([gone])))


def a_text_field_as_a_number() -> None:
    (problem,) = checked("{名称}+3").problems
    assert problem.stops
    assert "VALUE" in str(problem.message)
    assert [(each.code, each.severity) for each in checked('"5"+3').problems] == [("text_as_number", Severity.WARNING)]


LAYERS: dict[str, Callable[[], None]] = {
    "FML-12": no_right_at_design_time,
    "FML-13": no_right_at_design_time,
    "FML-14": a_field_of_another_app,
    "FML-15": a_formula_that_needs_itself,
    "FML-16": a_cycle_through_a_relation,
    "FML-26": a_text_field_as_a_number,
    "FML-35": today_in_a_stored_field,
    "FML-36": now_where_nothing_is_stored,
    "FML-37": chance_where_values_must_repeat_or_differ,
    "FML-57": a_renamed_field,
    "FML-58": a_deleted_field,
}
"""Rows of the table that the checks of an app or of a person's rights decide."""


@pytest.mark.parametrize("id_", LAYERS)
def test_the_layers_around_the_language_refuse(id_: str) -> None:
    LAYERS[id_]()


def test_the_value_of_a_computed_field_is_not_imported(tmp_path: Path) -> None:
    a_computed_field_in_an_imported_file(tmp_path)


_PENDING = "tests/runtime/store/test_pending.py"
OUTSIDE: dict[str, str] = {
    "FML-40": f"{_PENDING}: test_fifty_thousand_rows_of_one_record_have_a_total_or_are_said_to_be_too_many",
    "FML-59": "here: test_the_value_of_a_computed_field_is_not_imported",
    "FML-60": f"{_PENDING}: test_over_the_border_rows_wait_say_so_and_are_right_in_the_end",
}
"""Rows that are tested elsewhere -> where, or why not."""


def test_every_row_of_the_table_is_here() -> None:
    covered = {row.id for row in ROWS} | LAYERS.keys() | OUTSIDE.keys()
    assert sorted({f"FML-{n:02d}" for n in range(1, 61)} - covered) == []


@pytest.mark.parametrize("where", [each for each in OUTSIDE.values() if ".py" in each])
def test_what_is_tested_elsewhere_is_there(where: str) -> None:
    path, _, name = where.partition(": ")
    assert re.search(rf"^def {name}\b", (Path(__file__).parents[3] / path).read_text("utf-8"), re.MULTILINE)
