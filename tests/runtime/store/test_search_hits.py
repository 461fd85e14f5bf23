"""What a search of everything shows first when many records of one form compete."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.store.records import Applied
from tests.support.apps import an_app
from tests.support.workspaces import Office

COMPANIES = [f"{first}{second}达物流" for first in "甲乙丙丁己庚辛癸" for second in "东南西北中"]


def index(office: Office) -> None:
    while office.session.index_some() is not None:
        pass


def add(office: Office, form: str, names: list[str]) -> None:
    """Make records in one commit."""
    there = office.session.find_form(form)
    columns: dict[str, Any] = {there.fields[0].id: names}
    change = BulkChange(ChangeKind.NEW, there.id, [new_uuid() for _ in names], columns)
    assert isinstance(office.session.save([change], "Add"), Applied)


@pytest.fixture(params=[False, True], ids=["tail", "indexed"])
def crowded(request: pytest.FixtureRequest, office: Office) -> Office:
    """Companies with 物流 in their names, and colleagues who come after them; indexed or not."""
    build = an_app("一家")
    for name in ("公司", "同事"):
        form = build.form(name)
        build.field(form, "text", "名称")
        build.field(form, "text", "备注")
    office.session.publish(build.app)
    office.session.settles = False
    add(office, "公司", COMPANIES)
    add(office, "同事", ["李娜", "王磊"])
    if request.param:
        index(office)
    return office


@pytest.mark.parametrize("typed", ["wl", "WL", "w l"])
def test_a_colleague_is_not_hidden_by_many_companies_that_read_so(crowded: Office, typed: str) -> None:
    hits = crowded.session.search(typed, 30)
    assert [(hit.form.name, hit.title) for hit in hits[:2]] == [("同事", "王磊"), ("公司", COMPANIES[0])]
    assert hits[0].marks == ((0, 2),)
    assert len(hits) == 30


def test_a_whole_name_is_found_behind_many_others_of_its_own_form(crowded: Office) -> None:
    add(crowded, "公司", ["王磊物流", "大物流", "物流", "王磊", "物流 上海", "上海 物流"])
    for _ in range(2):
        titles = [hit.title for hit in crowded.session.search("wl", 30, forms=["公司"])]
        assert titles[:4] == ["物流", "王磊", "王磊物流", "物流 上海"]
        titles = [hit.title for hit in crowded.session.search("物流", 30, forms=["公司"])]
        assert titles[:3] == ["物流", "物流 上海", "上海 物流"]
        titles = [hit.title for hit in crowded.session.search("wanglei", 30, forms=["公司"])]
        assert titles == ["王磊", "王磊物流"]
        form = crowded.session.find_form("公司")
        assert [title for _, title in crowded.session.reader.search_titles(form.id, "wl", 5)][:2] == ["物流", "王磊"]
        index(crowded)


def test_other_fields_keep_their_share_beside_names(crowded: Office) -> None:
    crowded.session.form("同事").create({"名称": "周文", "备注": "物流"})
    for _ in range(2):
        hits = crowded.session.search("物流", 30)
        assert (hits[-1].title, hits[-1].field) == ("周文", "备注")
        assert len(hits) == 30
        index(crowded)


def test_a_whole_name_of_several_words_and_one_read_otherwise(crowded: Office) -> None:
    add(crowded, "公司", [f"Old Smith Sons {at}" for at in range(10)] + ["smith  sons", "重庆", "Smith"])
    for _ in range(2):
        assert crowded.session.search("smith sons", 5)[0].title == "smith  sons"
        assert crowded.session.search("smith", 5)[0].title == "Smith"
        assert crowded.session.search("cq", 5)[0].title == "重庆"
        index(crowded)
