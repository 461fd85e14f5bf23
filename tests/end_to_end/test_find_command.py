"""`formwork find`: what a person or a script sees of a search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.session import open_workspace
from tests.support.apps import customers_and_orders
from tests.support.command import formwork


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with two customers and an order."""
    with open_workspace(tmp_path / "w", "a passphrase for tests") as session:
        session.publish(customers_and_orders())
        first = session.form("客户").create({"名称": "张伟", "备注": "北京市海淀区"})
        session.form("客户").create({"名称": "李娜"})
        session.form("订单").create({"编号": "DD-001", "客户": first.id})
    return tmp_path / "w.formwork"


def test_it_prints_a_line_for_each_record(tmp_path: Path, folder: Path) -> None:
    more = {"FORMWORK_PASSPHRASE": "a passphrase for tests"}
    done = formwork("find", str(folder), "张伟", home=tmp_path, **more)
    assert (done.code, done.out, done.err) == (0, "客户  张伟\n订单  DD-001  客户: 张伟\n", "")
    done = formwork("find", str(folder), "海淀", "北京", "--form", "客户", "--json", home=tmp_path, **more)
    (hit,) = json.loads(done.out)
    assert (hit["form"], hit["title"], hit["field"], hit["snippet"]) == ("客户", "张伟", "备注", "北京市海淀区")
    done = formwork("find", str(folder), "zhangw", "--limit", "1", home=tmp_path, **more)
    assert done.out == "客户  张伟\n"
    done = formwork("find", str(folder), "nobody", home=tmp_path, **more)
    assert (done.code, done.out) == (0, "Nothing found.\n")
    done = formwork("find", str(folder), "x", "--form", "没有", home=tmp_path, **more)
    assert done.code == 2
    assert "没有" in done.err
