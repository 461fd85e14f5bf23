"""The search finds exactly the records that hold every word, indexed or not, and nothing that may not be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unicodedata import normalize
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.definition.edits import SetProperty
from runtime.permission.scope import Scope
from runtime.store import search_query
from runtime.store.query import Group, Query, Sort
from runtime.store.records import Applied
from runtime.store.search_pinyin import named_by
from tests.support.apps import an_app, shop
from tests.support.workspaces import Office


def index(office: Office) -> int:
    """Bring the index up to every commit; how many records it looked at."""
    done = 0
    while (count := office.session.index_some()) is not None:
        done += count
    return done


def found(office: Office, form: str, text: str, **more: Any) -> list[str]:
    """The titles of the records that a search finds, in order; whole list and first page must agree."""
    session = office.session
    wanted = session.query(office.form(form).id, search=text, **more)
    numbers = session.reader.ids(wanted)
    assert list(session.reader.ids(wanted, 200)) == list(numbers[:200])
    assert session.reader.count(wanted) == len(numbers)
    title = office.form(form).title
    assert title is not None
    return [row.values.get(title.id, "") for row in session.reader.rows(office.form(form).id, numbers)]


@pytest.fixture(params=[False, True], ids=["tail", "indexed"])
def settled(request: pytest.FixtureRequest) -> bool:
    """Whether the index has come to everything, or nothing."""
    return bool(request.param)


@pytest.fixture
def people(office: Office, settled: bool) -> Office:
    """Five customers and three orders."""
    for name, note in (
        ("张伟", "第一行\n第二行 ABC-12"),
        ("张伟明", "ｆｕｌｌ　ｗｉｄｔｈ １２３"),
        ("李娜", 'Straße "quoted" it\'s 50%_a\\b'),
        ("Smith & Sons", "北京市海淀区"),
        ("王海", None),
    ):
        office.new("客户", {"名称": name, "备注": note, "等级": "高" if name == "李娜" else "低"})
    rows = {record["名称"]: record.id for record in office.session.form("客户").records()}
    office.new("订单", {"编号": "DD-001", "客户": rows["张伟"], "数量": 12, "单价": None})
    office.new("订单", {"编号": "DD-002", "客户": rows["李娜"], "数量": 1234})
    office.new("订单", {"编号": "张伟的", "数量": 5})
    if settled:
        index(office)
    return office


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张伟", ["张伟", "张伟明"]),
        ("张", ["张伟", "张伟明"]),
        ("伟明", ["张伟明"]),
        ("abc-1", ["张伟"]),
        ("C-1", ["张伟"]),
        ("full WIDTH", ["张伟明"]),
        ("12", ["张伟", "张伟明"]),
        ("strasse", ["李娜"]),
        ('"quoted"', ["李娜"]),
        ("it's", ["李娜"]),
        ("50%_", ["李娜"]),
        ("a\\b", ["李娜"]),
        ("&", ["Smith & Sons"]),
        ("smith sons", ["Smith & Sons"]),
        ("海", ["Smith & Sons", "王海"]),
        ("海淀", ["Smith & Sons"]),
        ("高", ["李娜"]),
        ("行 第", ["张伟"]),
        ("行第", []),
        ("伟第", []),
        ("zw", ["张伟", "张伟明"]),
        ("ZhangWeiM", ["张伟明"]),
        ("zw abc", ["张伟"]),
        ("wei 低", ["张伟", "张伟明"]),
        ("wh", ["王海"]),
        ("hai", ["王海"]),
        ("bj", []),
        ("w", ["张伟明"]),
        ("wz", []),
        ("  ", ["张伟", "张伟明", "李娜", "Smith & Sons", "王海"]),
        ("\0", ["张伟", "张伟明", "李娜", "Smith & Sons", "王海"]),
        ("\ud800张", ["张伟", "张伟明"]),
        ("x" * 5000, []),
        ("OR", []),
        ("NEAR(张 伟)", []),
        ("*", []),
    ],
)
def test_a_search_finds_what_holds_every_word(people: Office, text: str, names: list[str]) -> None:
    assert found(people, "客户", text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张伟", ["DD-001", "张伟的"]),
        ("李娜 dd", ["DD-002"]),
        ("dd", ["DD-001", "DD-002"]),
        ("1234", ["DD-002"]),
        ("1,234", ["DD-002"]),
        ("abc-12", []),
        ("李娜 张伟", []),
        ("zwd", ["张伟的"]),
        ("zw", ["DD-001", "张伟的"]),
        ("ln", ["DD-002"]),
        ("zhangw 12", ["DD-001"]),
        ("ln zw", []),
        ("z", []),
    ],
)
def test_titles_of_related_records_count_and_their_other_fields_do_not(
    people: Office, text: str, names: list[str]
) -> None:
    assert found(people, "订单", text) == names


@pytest.mark.parametrize("few", [True, False], ids=["few", "many"])
def test_records_that_point_to_few_or_to_many_titles_are_found_alike(
    people: Office, monkeypatch: pytest.MonkeyPatch, few: bool
) -> None:
    monkeypatch.setattr(search_query, "MANY", 10**9 if few else 0)
    form, customers = people.form("订单"), people.form("客户")
    number, name = form.called("编号"), customers.called("名称")
    assert number is not None and name is not None
    for text, names in (
        ("张", ["DD-001", "张伟的"]),
        ("zhang", ["DD-001", "张伟的"]),
        ("zw", ["DD-001", "张伟的"]),
        ("lina", ["DD-002"]),
        ("李娜 1234", ["DD-002"]),
        ("zw dd", ["DD-001"]),
        ("wh", []),
    ):
        assert found(people, "订单", text) == names, text
        assert found(people, "订单", text, sort=[Sort(number.id, descending=True)]) == names[::-1], text
        assert found(people, "订单", text, where="{数量}>100") == [each for each in names if each == "DD-002"], text
    query = people.session.query(form.id, search="zhang", groups=(Group(number.id),))
    numbers, groups = people.session.reader.grouped_ids(query, {})
    assert (len(numbers), list(groups.counts)) == (2, [1, 1])
    others = Scope(rows=((customers.id, '{名称}<>"李娜"'),))
    assert seen(people, "订单", "ln", others) == seen(people, "订单", "lina", others) == 0
    assert seen(people, "订单", "zw", others) == 2
    hidden = Scope(readable=((customers.id, frozenset()),))
    assert (
        seen(people, "订单", "ln", hidden) == seen(people, "订单", "ln", Scope(masked=frozenset({customers.id}))) == 0
    )
    people.new("订单", {"编号": "DD-003", "客户": people.session.form("客户").records()[1].id})
    people.set("客户", people.session.form("客户").records()[1].id, {"名称": "周文"})
    for _ in range(2):
        assert found(people, "订单", "zhouw") == ["DD-003"]
        assert found(people, "订单", "zw") == ["DD-001", "张伟的", "DD-003"]
        index(people)


def test_it_goes_with_filters_sorts_groups_and_the_bin(people: Office) -> None:
    level = people.form("客户").called("等级")
    name = people.form("客户").called("名称")
    assert level is not None
    assert name is not None
    assert found(people, "客户", "张", where='{名称}="张伟明"') == ["张伟明"]
    assert found(people, "客户", "张", sort=[Sort(name.id, descending=True)]) == ["张伟明", "张伟"]
    assert found(people, "客户", "海", where="NOT(ISBLANK({备注}))") == ["Smith & Sons"]
    row = next(record.id for record in people.session.form("客户").records() if record["名称"] == "张伟")
    people.delete("客户", row)
    assert found(people, "客户", "张") == ["张伟明"]
    assert found(people, "客户", "张", deleted=True) == ["张伟"]
    people.session.undo()
    assert found(people, "客户", "张") == ["张伟", "张伟明"]


def test_pinyin_goes_with_filters_sorts_groups_and_the_bin(people: Office) -> None:
    form = people.form("客户")
    name, level = form.called("名称"), form.called("等级")
    assert name is not None and level is not None
    people.new("客户", {"名称": "周文", "等级": "高", "备注": "zw"})
    for _ in range(2):
        assert found(people, "客户", "zw") == ["张伟", "张伟明", "周文"]
        assert found(people, "客户", "zw", where='{等级}="高"') == ["周文"]
        assert found(people, "客户", "zw", sort=[Sort(name.id, descending=True)]) == ["周文", "张伟明", "张伟"]
        query = people.session.query(form.id, search="zw", groups=(Group(level.id),))
        numbers, groups = people.session.reader.grouped_ids(query, {})
        assert len(numbers) == 3
        assert list(groups.counts) == [1, 2]
        index(people)
    row = next(record.id for record in people.session.form("客户").records() if record["名称"] == "张伟")
    people.delete("客户", row)
    assert found(people, "客户", "zw", deleted=True) == ["张伟"]
    people.session.undo()
    people.set("客户", row, {"名称": "李四"})
    for _ in range(2):
        assert found(people, "客户", "zw") == ["张伟明", "周文"]
        assert found(people, "客户", "lisi") == ["李四"]
        index(people)


def test_a_change_is_found_before_and_after_it_is_indexed(people: Office) -> None:
    row = next(record.id for record in people.session.form("客户").records() if record["名称"] == "李娜")
    people.set("客户", row, {"名称": "刘海柱", "备注": None})
    for _ in range(2):
        assert found(people, "客户", "李娜") == found(people, "客户", "strasse") == []
        assert found(people, "客户", "海") == ["刘海柱", "Smith & Sons", "王海"]
        assert found(people, "订单", "李娜") == []
        assert found(people, "订单", "刘海") == ["DD-002"]
        index(people)
    people.session.undo()
    for _ in range(2):
        assert found(people, "客户", "李娜") == ["李娜"]
        assert found(people, "订单", "刘海") == []
        index(people)


def test_rows_of_sub_forms_and_what_they_point_to_lead_to_their_record(office: Office, tmp_path: Path) -> None:
    session = office.session
    session.publish(shop())
    tea = session.form("产品").create({"名称": "绿茶", "单价": "12.50"})
    orders = [form for form in session.forms if form.name == "订单"]
    form = session.form(orders[-1].id)
    first = form.create({"编号": "S-1", "明细": [{"产品": tea.id, "数量": "3"}]})
    form.create({"编号": "S-2", "明细": [{"数量": "77"}]})
    for _ in range(2):
        for text, names in (
            ("绿茶", ["S-1"]),
            ("77", ["S-2"]),
            ("绿 s-1", ["S-1"]),
            ("绿茶 77", []),
            ("lvcha", ["S-1"]),
            ("lc s-1", ["S-1"]),
            ("37.5", ["S-1"]),
        ):
            query = session.query(orders[-1].id, search=text)
            rows = session.reader.rows(orders[-1].id, session.reader.ids(query))
            assert [row.values[orders[-1].fields[0].id] for row in rows] == names, text
        index(office)
    form.update(first.id, {"明细": []})
    assert list(session.reader.ids(session.query(orders[-1].id, search="绿茶"))) == []


def test_values_computed_anew_in_other_records_are_found(office: Office) -> None:
    build = an_app("算")
    groups = build.form("组")
    build.field(groups, "text", "名")
    members = build.form("员")
    build.field(members, "text", "名")
    build.field(members, "relation", "组", form=groups)
    build.field(members, "text", "组名", formula='"甲"&{组.名}')
    office.session.publish(build.app)
    group = office.session.form("组").create({"名": "红队"})
    member = office.session.form("员").create({"名": "一", "组": group.id})
    form = office.session.find_form("员")

    def hits(text: str) -> list[UUID]:
        reader = office.session.reader
        return [row.id for row in reader.rows(form.id, reader.ids(office.session.query(form.id, search=text)))]

    index(office)
    assert hits("甲红") == [member.id]
    office.session.form("组").update(group.id, {"名": "蓝队"})
    for _ in range(2):
        assert hits("甲红") == []
        assert hits("甲蓝") == [member.id]
        index(office)


def test_other_options_or_fields_make_the_index_of_the_form_anew(people: Office) -> None:
    index(people)
    form = people.form("客户")
    level = form.called("等级")
    assert level is not None
    changed = [
        {**option, "label": "特级" if option["label"] == "高" else option["label"]}
        for option in level.node.props["options"]
    ]
    people.session.publish(SetProperty(level.id, "options", changed).apply(people.app))
    for _ in range(2):
        assert found(people, "客户", "特级") == ["李娜"]
        assert found(people, "客户", "高") == []
        assert index(people) in {0, 5}
    assert index(people) == 0


# What may not be read


def seen(office: Office, form: str, text: str, scope: Scope) -> int:
    query = Query(office.form(form).id, scope=scope, search=text)
    numbers = office.session.reader.ids(query)
    assert office.session.reader.count(query) == len(numbers)
    return len(numbers)


def test_a_field_that_may_not_be_read_finds_nothing(people: Office) -> None:
    form = people.form("客户")
    name, note = form.called("名称"), form.called("备注")
    assert name is not None
    assert note is not None
    scope = Scope(readable=((form.id, frozenset({name.id})),))
    assert seen(people, "客户", "张伟", scope) == 2
    assert seen(people, "客户", "张", scope) == 2
    for text in ("abc", "北京", "strasse", "高", "张伟 abc", "第"):
        assert seen(people, "客户", text, scope) == 0, text
    hidden = Scope(readable=((form.id, frozenset({note.id})),))
    assert seen(people, "客户", "张伟", hidden) == 0
    assert seen(people, "订单", "李娜", hidden) == 0
    assert seen(people, "客户", "北京", hidden) == 1
    assert seen(people, "客户", "zw", scope) == seen(people, "客户", "zhangwei", scope) == 2
    assert seen(people, "客户", "zw abc", scope) == 0
    assert seen(people, "客户", "zw", hidden) == seen(people, "客户", "zhangwei", hidden) == 0
    reader = people.session.reader
    assert list(reader.named(form.id, "张伟", 10, hidden)) == list(reader.named(form.id, "zw", 10, hidden)) == []


def test_rules_of_rows_and_hidden_forms_hold_for_the_search_too(people: Office) -> None:
    form = people.form("客户")
    scope = Scope(rows=((form.id, '{名称}<>"李娜"'),))
    assert seen(people, "客户", "李娜", scope) == seen(people, "客户", "strasse", scope) == 0
    assert seen(people, "客户", "lina", scope) == 0
    assert seen(people, "订单", "李娜", scope) == 0
    assert seen(people, "订单", "张伟", scope) == 2
    masked = Scope(masked=frozenset({form.id}))
    assert seen(people, "订单", "李娜", masked) == 0
    assert list(people.session.reader.named(form.id, "ln", 10, scope)) == []
    assert len(people.session.reader.named(form.id, "zw", 10, scope)) == 2


# Names, and across forms


LETTERS = {
    "zw": ["张伟", "张伟明"],
    "zhangw": ["张伟", "张伟明"],
    "zhangweim": ["张伟明"],
    "ln": ["李娜"],
    "wm": ["张伟明"],
    "伟": ["张伟", "张伟明"],
    "hw": [],
    "wh": ["王海"],
    "sons": ["Smith & Sons"],
    "abc": [],
}


@pytest.mark.parametrize("text", LETTERS)
def test_names_are_found_by_their_letters_in_pinyin(people: Office, text: str) -> None:
    names = LETTERS[text]
    form = people.form("客户")
    numbers = people.session.reader.named(form.id, text, 10)
    assert [row.values[form.fields[0].id] for row in people.session.reader.rows(form.id, numbers)] == names
    assert [title for _, title in people.session.reader.search_titles(form.id, text, 10)] == names


def test_a_search_of_everything_gives_names_first_and_says_where(people: Office) -> None:
    people.session.settles = False
    hits = people.session.search("张伟")
    assert [(hit.form.name, hit.title, hit.field, hit.snippet) for hit in hits] == [
        ("客户", "张伟", "", ""),
        ("客户", "张伟明", "", ""),
        ("订单", "张伟的", "", ""),
        ("订单", "DD-001", "客户", "张伟"),
    ]
    assert hits[1].marks == ((0, 2),)
    (hit,) = people.session.search("海淀", forms=["客户"])
    assert (hit.field, hit.snippet, hit.marks) == ("备注", "北京市海淀区", ((3, 5),))
    assert people.session.search("海淀", forms=["订单"]) == []
    assert len(people.session.search("张", limit=2)) == 2


def test_a_name_that_reads_so_says_where(people: Office) -> None:
    people.session.settles = False
    hits = people.session.search("weim")
    assert [(hit.title, hit.field, hit.marks) for hit in hits] == [("张伟明", "", ((1, 3),))]
    hits = people.session.search("zhangw", forms=["订单"])
    assert [(hit.title, hit.field, hit.snippet, hit.marks) for hit in hits] == [
        ("张伟的", "", "", ((0, 2),)),
        ("DD-001", "客户", "张伟", ((0, 2),)),
    ]
    (hit,) = people.session.search("wh 低", forms=["客户"])
    assert (hit.title, hit.marks) == ("王海", ((0, 2),))


# Exactness

HAN = "张伟李娜海淀区的"
LATIN = "abAB12-_%' \"\\ßＡｂ１　é.,*"
TEXTS = st.text(alphabet=HAN + LATIN, max_size=12)
READ = [
    "zw",
    "zhangw",
    "zhwei",
    "wei",
    "LiNa",
    "ln",
    "hd",
    "haid",
    "haidianqu",
    "zwd wei",
    "nah",
    "qude",
    "1h",
    "w",
    "ng",
]


def folded(text: str) -> str:
    return normalize("NFKC", normalize("NFKC", text).casefold())


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_finds_exactly_what_a_plain_look_at_every_text_finds(office: Office, data: st.DataObject) -> None:
    form = office.form("客户")
    name, note = form.fields[0], form.by_id[next(field.id for field in form.fields if field.name == "备注")]
    texts = data.draw(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12))
    rows = [new_uuid() for _ in texts]
    names = [f"{first}#{row.hex}" for (first, _), row in zip(texts, rows, strict=True)]
    columns: dict[str, Sequence[Any]] = {name.id: names, note.id: [second or None for _, second in texts]}
    start = office.session.reader.ids(Query(form.id))
    assert isinstance(office.session.save([BulkChange(ChangeKind.NEW, form.id, rows, columns)], "Add"), Applied)
    if data.draw(st.booleans()):
        index(office)
    numbers = list(office.session.reader.ids(Query(form.id)))[len(start) :]
    pool = [text for pair in texts for text in pair if text]
    words = st.text(alphabet=HAN + LATIN, min_size=1, max_size=4) | st.sampled_from(READ)
    if pool:
        words |= st.sampled_from(pool).flatmap(
            lambda text: st.integers(0, len(text) - 1).flatmap(
                lambda at: st.integers(1, 4).map(lambda length: text[at : at + length])
            )
        )
    for asked in data.draw(st.lists(words, min_size=1, max_size=6)):
        wanted = [
            n
            for n, title, (_, second) in zip(numbers, names, texts, strict=True)
            if all(
                word in folded(title) or word in folded(second) or (len(word) > 1 and named_by(folded(title), word))
                for word in folded(asked).split()
            )
        ]
        got = office.session.reader.ids(Query(form.id, search=asked))
        assert [n for n in got if n in set(numbers)] == wanted, asked
