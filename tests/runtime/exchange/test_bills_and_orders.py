"""Lists as shops, banks and wallets write them: long descriptions, ruled lines, figures that must stay texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.exchange.guard import guarded, unguarded
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import read, types


def plan_of(path: Path, text: str, encoding: str = "utf-8") -> ImportPlan:
    path.write_text(text, encoding)
    return understand(read(path), Progress())


def test_a_short_bill_between_a_description_and_remarks_is_found(tmp_path: Path) -> None:
    text = (
        "支付宝交易记录明细查询\n账号:[a@example.com]\n起始日期:[2024-01-01]\n------------列表------------\n"
        "交易号 ,创建时间 ,交易对方 ,商品名称 ,金额（元） ,收/支 ,\n"
        "2024010122001412345678901234\t,2024-01-01 12:00:01 ,天猫超市 ,矿泉水 ,48.90 ,支出 ,\n"
        "2024010122001412345678901235\t,2024-01-02 12:00:01 ,数码店 ,手机壳 ,25.00 ,支出 ,\n"
        "2024010122001412345678901236\t,2024-01-03 12:00:01 ,李四 ,转账 ,1000.00 ,收入 ,\n"
        "-----------------------------\n共3笔记录\n已收入:1笔,1000.00元\n已支出:2笔,73.90元\n导出时间:[2024-02-01]\n"
    )
    plan = plan_of(tmp_path / "a.csv", text, "gb18030")
    assert plan.sheet("a").rows == 3
    assert types(plan, "a")["金额（元）"] == "money"
    assert not {doubt.code for doubt in plan.doubts} & {"ragged_rows", "encoding"}


def test_blank_rows_among_records_below_a_longer_description_are_not_called_ragged(tmp_path: Path) -> None:
    told = "".join(f"参数{at},值{at}\n" for at in range(12))
    lines = "".join(f"2024-01-{at:02d},客户{at},{at}.5,{at},x\n" + "\n" * (at == 4) for at in range(1, 10))
    plan = plan_of(tmp_path / "a.csv", f"{told}\n日期,客户,金额,数量,备注\n{lines}")
    assert plan.sheet("a").rows == 9
    assert "ragged_rows" not in {doubt.code for doubt in plan.doubts}


def test_records_below_a_description_of_more_rows_are_not_called_ragged(tmp_path: Path) -> None:
    above = "".join(f"说明 {n},,\n" for n in range(12))
    records = "".join(f"2024-03-0{n},商户,{n}.50,备注,支出\n" for n in range(1, 6))
    plan = plan_of(tmp_path / "a.csv", f"{above}日期,对方,金额,说明,收支\n{records}2024-03-07,商户,3.50\n")
    assert plan.sheet("a").rows == 6
    assert "row 19" in str(plan.doubt("a//ragged_rows").message)


SHOP = {'="2100000000000000001"': "2100000000000000001", "'13800138000": "13800138000", "'00123": "00123"}


@pytest.mark.parametrize("text", SHOP)
def test_figures_that_a_shop_marks_as_texts_are_read_without_the_mark(tmp_path: Path, text: str) -> None:
    plan = plan_of(tmp_path / "a.csv", "编号,数量\n" + f"{text},1\n" * 3)
    (chunk,) = plan.rows("a")
    assert chunk.values[0] == [SHOP[text]] * 3


@pytest.mark.parametrize("text", [*SHOP, *SHOP.values(), "'90s", "''13800138000", '="a"&"b"', "'"])
def test_what_is_exported_comes_back_whatever_marks_it_has(text: str) -> None:
    assert unguarded(guarded(text)) == text
