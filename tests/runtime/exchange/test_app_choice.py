"""New forms beside those of an app that is there: which app, and that taking them back leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.definition.node import App, Node
from runtime.errors import Cancelled, UserError
from runtime.exchange.importing import into_form
from runtime.exchange.importing.aim import Aim
from runtime.exchange.importing.app_choice import app_called, app_name, likely_app, names_taken
from runtime.exchange.importing.asking import first_aim
from runtime.exchange.importing.importer import import_all, rehearse, resume
from runtime.exchange.importing.proposing import without_forms
from runtime.exchange.importing.session_forms import known_forms
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session, open_workspace
from runtime.work import Progress, Step
from tests.runtime.exchange.workbooks import Rows, xlsx
from tests.support.cuts import cuts, opened

CUSTOMERS: list[list[Any]] = [
    ["客户编号", "客户名称", "等级"],
    *([f"KH{n:03}", f"客户{n}有限公司", "高低"[n % 2]] for n in range(1, 31)),
]
VISITS: list[list[Any]] = [
    ["拜访编号", "客户编号", "内容"],
    *([f"BF{n:03}", f"KH{n % 30 + 1:03}", "谈" * (n % 9 + 1)] for n in range(1, 41)),
]
STOCK: list[list[Any]] = [["货号", "名称"], *([f"HH{n:03}", f"货{n}"] for n in range(1, 21))]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        session.import_file(xlsx(tmp_path / "销售.xlsx", {"客户": CUSTOMERS}))
        yield session


def plan_of(session: Session, path: Path, sheets: dict[str, Rows]) -> ImportPlan:
    forms = known_forms(session, session.forms)
    return understand(open_workbook(xlsx(path, sheets), Progress()), Progress(), forms)


def sales(session: Session) -> App:
    return app_called(session, "销售")


def nodes(session: Session) -> dict[str, dict[str, Node]]:
    """App -> its nodes."""
    return {app.id: dict(app.nodes) for app in session.apps.values()}


def counts(session: Session) -> dict[str, int]:
    """Form -> its records."""
    return {form.name: session.form(form.id).count() for form in session.forms}


def test_new_forms_stand_behind_those_of_the_app_and_one_undo_takes_only_them_back(
    session: Session, tmp_path: Path
) -> None:
    before = nodes(session)
    plan = plan_of(session, tmp_path / "拜访.xlsx", {"拜访": VISITS, "库存": STOCK})
    report = import_all(session, plan, "拜访", {}, Progress(), sales(session).id)
    assert [form.name for form in session.forms] == ["客户", "拜访", "库存"]
    assert (report.app, report.beside, len(session.apps)) == (sales(session).id, "销售", 1)
    assert counts(session) == {"客户": 30, "拜访": 40, "库存": 20}
    relation = session.find_form("拜访").called("客户编号")
    assert relation is not None and relation.target == session.find_form("客户").id
    assert session.undo()
    assert (nodes(session), counts(session)) == (before, {"客户": 30})
    assert session.redo()
    assert counts(session) == {"客户": 30, "拜访": 40, "库存": 20}
    assert session.undo()
    assert (nodes(session), counts(session)) == (before, {"客户": 30})
    assert session.undo_label is not None, "the first import can still be taken back"
    assert session.undo()
    assert session.apps == {}


def test_a_new_app_goes_with_its_import(session: Session, tmp_path: Path) -> None:
    report = import_all(session, plan_of(session, tmp_path / "库.xlsx", {"库存": STOCK}), "库", {}, Progress())
    assert (report.beside, len(session.apps)) == ("", 2)
    session.undo()
    assert [app_name(app) for app in session.apps.values()] == ["销售"]


def test_several_imports_into_an_app_are_taken_back_one_by_one(session: Session, tmp_path: Path) -> None:
    states = [nodes(session)]
    for name, rows in (("拜访", VISITS), ("库存", STOCK)):
        plan = plan_of(session, tmp_path / f"{name}.xlsx", {name: rows})
        import_all(session, plan, name, {}, Progress(), sales(session).id)
        states.append(nodes(session))
    for state in states[-2::-1]:
        assert session.undo()
        assert nodes(session) == state
    for state in states[1:]:
        assert session.redo()
        assert nodes(session) == state
    for state in states[-2::-1]:
        assert session.undo()
        assert nodes(session) == state


def test_what_somebody_published_since_stays(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path / "库.xlsx", {"库存": STOCK})
    import_all(session, plan, "库", {}, Progress(), sales(session).id)
    app = sales(session)
    field = session.find_form("客户").called("等级")
    assert field is not None
    session.publish(app.replacing({field.id: app.nodes[field.id].with_props(help="x")}))
    session.undo()
    assert counts(session) == {"客户": 30, "库存": 0}
    assert [form.name for form in session.undo_stayed] == ["库存"]
    session.undo()
    assert [form.name for form in session.undo_stayed] == ["客户"], "what the first import made"


def test_forms_that_go_with_their_import_are_not_said_to_stay(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path / "库.xlsx", {"库存": STOCK})
    import_all(session, plan, "库", {}, Progress(), sales(session).id)
    assert session.undo() and session.undo_stayed == []
    assert session.redo() and session.undo_stayed == []


def mixed(session: Session, path: Path) -> tuple[ImportPlan, dict[str, Aim]]:
    """New customers with a level that is new, and visits to them."""
    more = [CUSTOMERS[0], ["KH900", "新一", "特"], ["KH901", "新二", "高"]]
    plan = plan_of(session, path, {"客户": more, "拜访": [*VISITS, ["BF900", "KH900", "新"]]})
    form = session.find_form("客户")
    level = form.called("等级")
    assert level is not None
    return plan, {"客户": replace(first_aim(session, plan, "客户", form), add_options=frozenset({level.id}))}


def test_options_and_forms_of_the_same_app_come_and_go_together(session: Session, tmp_path: Path) -> None:
    before = nodes(session)
    plan, aims = mixed(session, tmp_path / "新.xlsx")
    tried = rehearse(session, plan, aims, Progress(), sales(session).id)
    assert nodes(session) == before
    report = import_all(session, plan, "新", aims, Progress(), sales(session).id)
    assert [(each.name, each.created) for each in tried.forms] == [(each.name, each.created) for each in report.forms]
    assert counts(session) == {"客户": 32, "拜访": 41}
    assert next(iter(session.form("客户").records(where='{客户编号}="KH900"'))).text("等级") == "特"
    assert session.undo()
    assert (nodes(session), counts(session)) == (before, {"客户": 30})


def test_stopped_half_way_the_app_is_as_it_was(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(into_form, "CHUNK", 1)
    before = nodes(session)
    plan, aims = mixed(session, tmp_path / "新.xlsx")
    progress = Progress()

    def stop(step: Step) -> None:
        if step.done >= 1:
            progress.cancel()

    progress._report = stop
    with pytest.raises(Cancelled):
        import_all(session, plan, "新", aims, progress, sales(session).id)
    assert (nodes(session), counts(session)) == (before, {"客户": 30})
    assert session.unfinished == []


def test_killed_after_any_of_its_commits_it_goes_on_or_leaves_the_app_as_it_was(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(into_form, "CHUNK", 1)
    before = nodes(session)
    plan, aims = mixed(session, tmp_path / "新.xlsx")
    made = cuts(session, tmp_path, lambda: import_all(session, plan, "新", aims, Progress(), sales(session).id))
    after = nodes(session)
    assert len(made) >= 4
    for folder in made:
        with opened(folder) as later:
            report = resume(later, later.unfinished[0], Progress())
            assert (report.beside, counts(later)) == ("销售", {"客户": 32, "拜访": 41})
            assert nodes(later).keys() == after.keys()
            assert later.undo()
            assert (nodes(later), counts(later)) == (before, {"客户": 30})


def test_an_interrupted_import_is_undone_without_its_app(session: Session, tmp_path: Path) -> None:
    before = nodes(session)
    plan, aims = mixed(session, tmp_path / "新.xlsx")
    made = cuts(session, tmp_path, lambda: import_all(session, plan, "新", aims, Progress(), sales(session).id))
    for folder in made:
        with opened(folder) as later:
            later.long_work.take_back(later.unfinished[0])
            assert (nodes(later), counts(later), later.unfinished) == (before, {"客户": 30}, [])


def test_an_app_that_is_gone_is_said_and_nothing_is_written(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path / "库.xlsx", {"库存": STOCK})
    with pytest.raises(UserError, match="no longer there"):
        import_all(session, plan, "库", {}, Progress(), "a123")
    assert counts(session) == {"客户": 30}


def test_apps_are_found_by_name_and_by_id(session: Session, tmp_path: Path) -> None:
    app = sales(session)
    assert app_called(session, app.id) == app
    assert app_called(session, " 销售 ") == app
    with pytest.raises(UserError, match=r"There is no app “销售部”. Did you mean “销售”\?"):
        app_called(session, "销售部")
    (tmp_path / "又").mkdir()
    session.import_file(xlsx(tmp_path / "又" / "销售.xlsx", {"库存": STOCK}))
    with pytest.raises(UserError, match="Several apps are called"):
        app_called(session, "销售")


def test_the_likely_app_is_that_of_the_forms_that_the_file_belongs_to(session: Session, tmp_path: Path) -> None:
    session.import_file(xlsx(tmp_path / "仓库.xlsx", {"库存": STOCK}))
    store = app_called(session, "仓库")
    visits = plan_of(session, tmp_path / "拜访.xlsx", {"拜访": VISITS})
    alone = plan_of(session, tmp_path / "车辆.xlsx", {"车辆": [["车牌", "里程"], ["沪A1", 5], ["沪B2", 8]]})
    assert likely_app(session, visits, {}) == sales(session).id, "visits point to customers"
    assert likely_app(session, alone, {}) == ""
    assert likely_app(session, alone, {}, session.find_form("库存").id) == store.id
    plan, aims = mixed(session, tmp_path / "新.xlsx")
    assert likely_app(session, plan, aims) == sales(session).id
    same = plan_of(session, tmp_path / "另.xlsx", {"库存": STOCK, "车辆": [["车牌", "里程"], ["沪A1", 5]]})
    assert names_taken(session, store.id, same.sheets) == ["库存"]
    assert likely_app(session, same, {}, session.find_form("库存").id) == "", "it has a form of that name"


def test_a_column_that_a_person_made_something_else_stays_so_in_another_workspace(
    session: Session, tmp_path: Path
) -> None:
    plan = plan_of(session, tmp_path / "拜访.xlsx", {"拜访": VISITS})
    assert plan.sheet("拜访").columns[1].relation is not None
    plan = plan.retype("拜访", 1, "long_text")
    assert without_forms(plan).sheet("拜访").columns[1].field_type == "long_text"
