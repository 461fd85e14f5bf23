"""What is exported and imported again is what it was: every field type, as a workbook and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from runtime.changes import Change, ChangeKind, new_uuid
from runtime.dates import local_zone
from runtime.exchange.export.export import Export, Format, export
from runtime.exchange.importing.importer import import_into
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.fields import field_types
from runtime.form import Field
from runtime.store.records import Applied
from runtime.work import Progress
from tests.catalogues.test_fields import OPTIONS, VALUES
from tests.support.apps import an_app
from tests.support.workspaces import Office

KINDS = [kind.name for kind in field_types if kind.offered]
TARGETS = ("大成", "张记", "=1+1", "'quoted", "007")
FORMATS = [
    pytest.param({"format": Format.XLSX}, id="xlsx"),
    pytest.param({"format": Format.CSV}, id="csv"),
    pytest.param({"format": Format.CSV, "delimiter": ";"}, id="semicolon"),
    pytest.param({"format": Format.CSV, "delimiter": "\t", "encoding": "gb18030"}, id="tab_gb18030"),
]


class Desk:
    """A form with a field of every type, and records that its relation can point to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        build = an_app()
        target = build.form("目标")
        build.field(target, "text", "名称")
        self.form = build.form("表")
        build.field(self.form, "text", "编号")
        props = {"options": msgspec.to_builtins(OPTIONS), "form": target}
        for name in KINDS:
            declared = {each.name for each in field_types[name].properties}
            build.field(self.form, name, f"字段 {name}", **{key: props[key] for key in props if key in declared})
        self.office = Office(folder, build.app)
        self.targets = [self.office.new("目标", {"名称": name}) for name in TARGETS]
        self.count = 0

    @property
    def fields(self) -> Mapping[str, Field]:
        """By the name of their type."""
        return {field.kind.name: field for field in self.office.form("表").fields[1:]}

    def there_and_back(self, rows: Sequence[Mapping[str, Any]], **more: Any) -> tuple[list[Any], list[Any]]:
        """The values of records, by name of the type, as they were and as they are after an export and an import."""
        session, first = self.office.session, self.office.form("表").fields[0].id
        ids = []
        for row in rows:
            self.count += 1
            ids.append(new_uuid())
            values = {first: f"N{self.count}", **{self.fields[name].id: value for name, value in row.items()}}
            outcome = session.save([Change(ChangeKind.NEW, self.form, ids[-1], values)], "Add")
            assert isinstance(outcome, Applied), outcome
        before = session.reader.by_id(self.form, ids)
        path = self.folder / f"{self.count}.{more['format']}"
        export(session, Export(self.form, numbers=[row.n for row in before], **more), path, Progress())
        plan = understand(open_workbook(path, Progress()), Progress())
        report = import_into(session, plan, "表", None, Progress())
        assert report.left == []
        numbers = session.reader.ids(session.query(self.form))[-len(rows) :]
        after = session.reader.rows(self.form, numbers)
        path.unlink()
        return [dict(row.values) for row in before], [dict(row.values) for row in after]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    from tests.support.cheap_passphrases import cheap_passphrases

    patch = pytest.MonkeyPatch()
    cheap_passphrases(patch)
    patch.setenv("PYTHON_KEYRING_BACKEND", "tests.support.memory_keyring.MemoryKeyring")
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.office.session.close()
    patch.undo()


def _unambiguous(moment: datetime) -> bool:
    """Not in the hour that clocks show twice: there the local time of a spreadsheet means two moments."""
    return moment.astimezone(local_zone()).fold == 0


def values(name: str) -> st.SearchStrategy[Any]:
    """Values of a type; a type without a strategy fails here."""
    if name == "relation":
        return st.integers(0, len(TARGETS) - 1)
    return VALUES[name].filter(_unambiguous) if name == "date_time" else VALUES[name]


FULL = st.fixed_dictionaries({name: values(name) for name in KINDS})
SPARSE = st.fixed_dictionaries({}, optional={name: values(name) for name in KINDS})
RECORDS = st.tuples(st.lists(SPARSE, max_size=5), FULL).map(lambda parts: [*parts[0], parts[1]])
"""The last one is full: in a CSV file, a last row of two words may be taken for a remark, which is said."""


@pytest.mark.parametrize("more", FORMATS)
@settings(
    max_examples=10, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(rows=RECORDS)
def test_values_of_every_type_come_back(desk: Desk, more: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    placed = [{**row, "relation": desk.targets[row["relation"]]} if "relation" in row else row for row in rows]
    before, after = desk.there_and_back(placed, **more)
    assert after == before


@settings(
    max_examples=15, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(full=FULL, sparse=SPARSE)
@example(full={"integer": 1, "text": "5"}, sparse={"text": "见下"})
def test_a_sparse_last_record_comes_back_from_a_workbook(
    desk: Desk, full: dict[str, Any], sparse: dict[str, Any]
) -> None:
    rows = [full, full, full, sparse]
    placed = [{**row, "relation": desk.targets[row["relation"]]} if "relation" in row else row for row in rows]
    before, after = desk.there_and_back(placed, format=Format.XLSX)
    assert after == before


TEXTS = (
    "=1+1", "+86 138", "-5", "@x", "'=1", "''x", "00012", "110101199003071234", "1E5", "TRUE", "是", "2026-03-05",
    "12:30", "50%", "¥3.00", "#N/A", "a,b;c\t|d", 'say "x"', "a'b", "<r><t>x</t></r>", "_x0041_", "😀龘", "NULL", "nan",
    "http://example.com", "﻿x",
)  # fmt: skip


@pytest.mark.parametrize("more", FORMATS)
def test_texts_that_look_like_something_else_stay_texts(desk: Desk, more: dict[str, Any]) -> None:
    before, after = desk.there_and_back([{"text": text, "long_text": f"{text}\nzwei"} for text in TEXTS], **more)
    assert after == before


NUMBERS = [
    {"integer": n, "decimal": Decimal(n).scaleb(-2), "money": Decimal(-n).scaleb(-2), "percent": Decimal(n).scaleb(-2)}
    for n in (0, 1, -1, 99, 10**15 - 1, 10**15, 10**15 + 1, 123456789012345678, -(10**17) - 1)
]  # fmt: skip


@pytest.mark.parametrize("more", FORMATS)
def test_numbers_lose_no_digit(desk: Desk, more: dict[str, Any]) -> None:
    before, after = desk.there_and_back(NUMBERS, **more)
    assert after == before


@pytest.mark.parametrize("more", FORMATS)
def test_days_and_moments_of_any_century_come_back(desk: Desk, more: dict[str, Any]) -> None:
    days = [
        (1066, 10, 14),
        (1899, 12, 31),
        (1900, 1, 1),
        (1900, 2, 28),
        (1900, 3, 1),
        (1970, 1, 1),
        (2100, 2, 28),
        (9999, 12, 29),
    ]
    rows = [
        {"date": datetime(*day, tzinfo=UTC).date(), "date_time": datetime(*day, 23, 59, 59, tzinfo=UTC)} for day in days
    ]  # fmt: skip
    before, after = desk.there_and_back(rows, **more)
    assert after == before


def test_milliseconds_come_back_from_a_workbook(desk: Desk) -> None:
    moments = [datetime(2026, 3, 5, 6, 7, 8, 123_000, UTC), datetime(1999, 12, 31, 23, 59, 59, 990_000, UTC)]
    before, after = desk.there_and_back([{"date_time": moment} for moment in moments], format=Format.XLSX)
    assert after == before


def test_every_type_has_a_strategy() -> None:
    assert set(KINDS) <= set(VALUES)
