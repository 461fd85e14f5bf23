"""The cases whose result is another one, each with its reason; as a program it prints them all.

    python3 dev.py formulas [--json]

Ends with 1 where a deviation has no reason, a reason has no deviation, or the list is longer than it may be.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.runtime.expression.cases import FILE, FORMS, Run, core_cases, runs

MOST = 0.03
"""Part of the core cases where this language may deliberately differ from Excel."""

LEAST, LEAST_ERRORS = 0.95, 0.9
"""Part of the cases that agree at least: of those that expect a value, and of those that expect an error."""

_EXACT = "numbers are exact decimals: Excel shows the error of its binary numbers"
_TYPED = "dates are dates, no serial numbers: they may lie before 1900"
_BLANK = "a blank date stays blank; Excel takes it as day 0 of 1900"

CHOICES = {
    "F00776": _BLANK,
    "F00779": _BLANK,
    "F00891": _TYPED,
    "F01593": _EXACT,
    "F01612": _EXACT,
    "F01722": _EXACT,
    "F01724": _EXACT,
    "F02123": "the list stands for one cell (implicit intersection), which this language does not have",
    "F02265": "a text is no number, neither as a constant nor as a field: F02273 asks for that with the same formula",
    "F03206": "a blank result stays blank, Excel shows it as 0",
    "F03809": "a text does not count in an aggregate, the editor warns; Excel refuses it as a constant only",
    "F04727": _TYPED,
}
"""Case -> why this language differs from Excel on purpose."""

_QUIRK = "LibreOffice or formulajs; Excel refuses this call"
_LARGE = "LibreOffice or formulajs; Excel says #NUM!, as F01414 shows"
_YEARS = "LibreOffice; Excel counts years 0 to 1899 from 1900"
_EPOCH = "LibreOffice counts days from 1899-12-30; Excel's day 1 is 1900-01-01"
_UPPER = "formulajs writes true and false in small letters, Excel and this language do not"

SOURCES = {
    "F02943": "LibreOffice counts TRUE in a list, Excel does not",
    "F02975": _YEARS,
    "F02976": _YEARS,
    "F02977": "LibreOffice; a left out year is 0 in Excel",
    "F02978": _YEARS,
    "F03242": "LibreOffice refuses a kind of payment of 2; Excel takes every value but 0 as 1",
    "F03310": _LARGE,
    "F03464": _EPOCH,
    "F03479": "LibreOffice; Excel says #NUM! where the signs differ",
    "F04066": _EPOCH,
    "F04046": "LibreOffice; Excel says #NUM! where the number of a weekend does not exist",
    "F04070": _EPOCH,
    "F04095": "formulajs; Excel says #DIV/0!",
    "F04100": "formulajs; Excel leaves texts out",
    "F04118": _QUIRK,
    "F04145": "formulajs; CHAR ends at 255 in Excel, UNICHAR is for all others",
    "F04186": _QUIRK,
    "F04281": _QUIRK,
    "F04283": _UPPER,
    "F04347": _QUIRK,
    "F04378": _QUIRK,
    "F04381": _LARGE,
    "F04382": _LARGE,
    "F04421": _UPPER,
    "F04425": _QUIRK,
    "F04542": _QUIRK,
    "F04549": _UPPER,
    "F04587": _QUIRK,
    "F04673": _UPPER,
    "F04682": _UPPER,
    "F04709": _QUIRK,
}
"""Case -> why its source, which is another program, differs from Excel."""

_NAMED = "a named cell or range of the workbook, whose value the case does not tell"
_RANGE = "a range of cells (A9:...), which only a sheet has"
_EMPTY = "the blank cell held an empty text in Excel's sheet; the case calls it blank"
_DAMAGED = "the text of the case is damaged (UTF-8 read as Windows-1252): the control character became two letters"

UNUSABLE = {
    "F00654": _EMPTY,
    "F01428": _EMPTY,
    "F01670": _EMPTY,
    "F02320": _RANGE,
    "F02868": _DAMAGED,
    "F02869": _DAMAGED,
    "F02870": _DAMAGED,
    "F03065": _NAMED,
    "F03186": _NAMED,
    "F03296": _NAMED,
    "F03314": _NAMED,
    "F03430": _NAMED,
    "F03741": "the case lost the fraction of the second of its argument (10:11:12 rounds to 12, not to 13)",
    "F03841": _RANGE,
    "F04030": _NAMED,
}
"""Case -> what it lost on its way out of its workbook."""

REASONS = {**CHOICES, **SOURCES, **UNUSABLE}
"""Case -> why the result is another one."""


def report(found: Sequence[Run]) -> dict[str, Any]:
    """Figures and deviations of computed cases, ready for JSON; a case counts as deviating if one of its forms does."""
    cases = {run.id: run for run in found}
    wrong: dict[str, Run] = {}
    for run in found:
        if not run.agrees:
            wrong.setdefault(run.id, run)
    totals = Counter(run.expects_error for run in cases.values())
    misses = Counter(run.expects_error for run in wrong.values())
    return {
        "cases": len(cases),
        "runs": len(found),
        "with_value": _figures(totals[False], misses[False]),
        "with_error": _figures(totals[True], misses[True]),
        "all": _figures(len(cases), len(wrong)),
        "by_choice": sorted(wrong.keys() & CHOICES.keys()),
        "by_source": sorted(wrong.keys() & SOURCES.keys()),
        "unusable": sorted(wrong.keys() & UNUSABLE.keys()),
        "deviations": [_line(run) for run in sorted(wrong.values(), key=lambda run: run.id)],
        "reasons_without_deviation": sorted(REASONS.keys() - wrong.keys()),
    }


def _figures(total: int, misses: int) -> dict[str, Any]:
    return {
        "total": total,
        "agree": total - misses,
        "percent": round(100 * (total - misses) / total, 2) if total else 100,
    }


def _line(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "function": run.case["fn"],
        "formula": run.case[run.form],
        "args": run.case["args"] if run.form == "formula" else {},
        "got": str(run.got),
        "expected": run.case["expected"],
        "source": run.case["source"],
        "reason": REASONS.get(run.id, ""),
    }


def is_good(figures: dict[str, Any]) -> bool:
    """Whether every deviation has a reason, every reason a deviation, and the list of choices is short enough."""
    reasoned = all(each["reason"] for each in figures["deviations"]) and not figures["reasons_without_deviation"]
    return reasoned and len(figures["by_choice"]) <= MOST * figures["cases"]


def markdown(figures: dict[str, Any]) -> str:
    """The figures and the list of deviations as a table."""
    names = (("with_value", "expect a value"), ("with_error", "expect an error"), ("all", "all"))
    lines = ["| core cases | total | agree | % |", "|---|---|---|---|"]
    for key, name in names:
        part = figures[key]
        lines.append(f"| {name} | {part['total']} | {part['agree']} | {part['percent']} |")
    lines += ["", f"{len(figures['deviations'])} deviations in {figures['runs']} runs of {figures['cases']} cases:"]
    percent = 100 * len(figures["by_choice"]) / figures["cases"]
    lines.append(f"{len(figures['by_choice'])} by choice ({percent:.1f} % of the cases, at most {MOST:.0%}),")
    lines.append(f"{len(figures['by_source'])} where the source is no Excel and differs from it,")
    lines += [f"{len(figures['unusable'])} that lost something on the way out of their workbook.", ""]
    lines += ["| id | formula | got | expected | reason |", "|---|---|---|---|---|"]
    for each in figures["deviations"]:
        given = f" {_json(each['args'])}" if each["args"] else ""
        cells = (
            each["id"],
            f"`{each['formula']}`{given}",
            each["got"],
            _json(each["expected"]),
            each["reason"] or "NONE",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += [f"{id_}: has a reason and agrees" for id_ in figures["reasons_without_deviation"]]
    return "\n".join(lines)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def main(arguments: Sequence[str]) -> int:
    """Compute every core case in both forms, print the list; the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py formulas", description="Compare formulas with the published cases.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if not FILE.exists():
        print(f"{FILE} is not here")
        return 1
    assert core_cases()
    figures = report([run for form in FORMS for run in runs(form)])
    print(json.dumps(figures, ensure_ascii=False, indent=1, default=str) if options.json else markdown(figures))
    return 0 if is_good(figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
