"""Dates and times as people write and read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.texts import speaking
from runtime.dates import (
    from_micros,
    has_day_to_spare,
    local_zone,
    parse_date,
    parse_moment,
    parse_time,
    show_date,
    show_moment,
    to_micros,
    two_dates,
    two_moments,
)

TODAY = date(2026, 3, 5)
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-07",
        "2026-3-7",
        "2026/03/07",
        "2026.3.7",
        "2026年3月7日",
        "2026年03月07",
        "20260307",
        "3月7日",
        "3月7号",
        "三月七日",
        "三月7日",
        "二〇二六年三月七日",
        "7.3.2026",
        "7 Mar 2026",
        "7 mar",
        "7-Mar-2026",
        "7. March 2026",
        "7th of March, 2026",
        "Mar 7",
        "Mar. 7",
        "March 7, 2026",
        "march 7th 2026",
        "2026 Mar 7",
        "后天",
        " ２０２６－０３－０７ ",
    ],
)
def test_a_date_is_read_however_it_is_punctuated(text: str) -> None:
    assert parse_date(text, TODAY) == date(2026, 3, 7)


@pytest.mark.parametrize(("word", "away"), [("今天", 0), ("Today", 0), ("明天", 1), ("YESTERDAY", -1), ("前天", -2)])
def test_days_near_by_have_names(word: str, away: int) -> None:
    assert parse_date(word, TODAY) == TODAY + timedelta(days=away)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "2026-13-01",
        "13/25",
        "13.13.2026",
        "5.3.26",
        "26-03-05",
        "2026",
        "0000-01-01",
        "tomorrows",
        "2-30",
        "Mar",
        "Mar 2026",
        "31 Feb",
        "5 Mat",
        "5 Mar 26",
        "三月",
        "十十月一日",
        "5/3",
        "5-3",
        "5.3",
        "05/03/2026",
        "5-3-2026",
    ],
)
def test_what_is_no_date_is_none_and_never_guessed(text: str) -> None:
    assert parse_date(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13/04/2025", date(2025, 4, 13)),
        ("04/13/2025", date(2025, 4, 13)),
        ("04.13.2025", date(2025, 4, 13)),
        ("13-4-2025", date(2025, 4, 13)),
        ("31/12", date(2026, 12, 31)),
        ("12/31", date(2026, 12, 31)),
        ("5/5", date(2026, 5, 5)),
        ("05/05/2025", date(2025, 5, 5)),
        ("二十一/3", None),
        ("十二月三十一日", date(2026, 12, 31)),
        ("十月二十日", date(2026, 10, 20)),
    ],
)
@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_figures_that_can_be_one_day_only_are_that_day(text: str, found: date | None, code: str) -> None:
    with speaking(code):
        assert parse_date(text, TODAY) == found


def test_the_month_comes_first_in_chinese_where_no_year_is_written() -> None:
    with speaking("zh_CN"):
        assert [parse_date(text, TODAY) for text in ("3-7", "3/7", "3.7")] == [date(2026, 3, 7)] * 3
        assert parse_date("05/03/2026", TODAY) is None


def test_a_known_order_decides_what_figures_mean_in_either_language() -> None:
    for code in ("en", "zh_CN"):
        with speaking(code):
            assert parse_date("5/3", TODAY, "dmy") == parse_date("05.03.2026", TODAY, "dmy") == date(2026, 3, 5)
            assert parse_date("5/3", TODAY, "mdy") == parse_date("05/03/2026", TODAY, "mdy") == date(2026, 5, 3)
            assert parse_date("13/4", TODAY, "mdy") == date(2026, 4, 13)
            assert parse_moment("5/3 14:30", SHANGHAI, TODAY, "dmy") == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


def test_both_days_that_figures_may_be_are_known() -> None:
    assert two_dates("5/3", TODAY) == (date(2026, 3, 5), date(2026, 5, 3))
    assert two_dates("05-03-2025", TODAY) == (date(2025, 3, 5), date(2025, 5, 3))
    assert two_dates("5 Mar", TODAY) is None
    assert two_dates("soon", TODAY) is None
    found = two_moments("5/3 14:30", SHANGHAI, TODAY)
    assert found == (datetime(2026, 3, 5, 6, 30, tzinfo=UTC), datetime(2026, 5, 3, 6, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14:30", time(14, 30)),
        ("9:05:07", time(9, 5, 7)),
        ("14点30分", time(14, 30)),
        ("8时", time(8)),
        ("２３：５９", time(23, 59)),
    ],
)
def test_a_time_of_day_is_read(text: str, found: time) -> None:
    assert parse_time(text) == found


@pytest.mark.parametrize("text", ["24:00", "12:60", "12:30:60", "noon", "", "14", "1430"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-07 14:30",
        "2026-03-07T14:30",
        "2026-03-07T06:30:00Z",
        "2026-03-07T08:30+02:00",
        "后天 14:30",
        "2026年3月7日 14点30分",
    ],
)
def test_a_moment_is_read_in_the_zone_it_is_written_in(text: str) -> None:
    assert parse_moment(text, SHANGHAI, TODAY) == datetime(2026, 3, 7, 6, 30, tzinfo=UTC)


def test_a_day_alone_is_its_midnight() -> None:
    assert parse_moment("2026-03-07", SHANGHAI, TODAY) == datetime(2026, 3, 6, 16, tzinfo=UTC)


def test_summer_time_is_the_zone_s_own() -> None:
    winter = parse_moment("2026-01-15 12:00", BERLIN, TODAY)
    summer = parse_moment("2026-07-15 12:00", BERLIN, TODAY)
    assert (winter, summer) == (datetime(2026, 1, 15, 11, tzinfo=UTC), datetime(2026, 7, 15, 10, tzinfo=UTC))


@pytest.mark.parametrize("text", ["0001-01-01 00:00", "0001-01-01", "9999-12-31 23:59", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, ZoneInfo("America/Los_Angeles")])
def test_the_ends_of_the_calendar_are_refused_for_some_zone_cannot_show_them(text: str, zone: ZoneInfo) -> None:
    assert parse_moment(text, zone, TODAY) is None


@given(moment=moments)
def test_every_moment_kept_can_be_shown_everywhere_and_comes_back(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment
    assert has_day_to_spare(moment)
    for zone in (SHANGHAI, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")):
        assert show_moment(moment, zone)


@given(
    day=days | st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400)), code=st.sampled_from(["en", "zh_CN"])
)
def test_a_date_is_read_again_as_it_is_shown(day: date, code: str) -> None:
    with speaking(code):
        shown = [show_date(day), show_date(day, TODAY)]
    for reader in ("en", "zh_CN"):
        with speaking(reader):
            assert [parse_date(text, TODAY) for text in shown] == [day, day], shown


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("away", range(-3, 4))
def test_near_days_are_read_again_as_they_are_shown(code: str, away: int) -> None:
    day = TODAY + timedelta(days=away)
    with speaking(code):
        assert parse_date(show_date(day, TODAY), TODAY) == day


@given(
    moment=moments | st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 9), timezones=st.just(UTC)),
    code=st.sampled_from(["en", "zh_CN"]),
)
def test_a_moment_is_read_again_as_it_is_shown(moment: datetime, code: str) -> None:
    whole = moment.replace(microsecond=0)
    with speaking(code):
        for text in (show_moment(whole, SHANGHAI), show_moment(whole, SHANGHAI, TODAY)):
            assert parse_moment(text, SHANGHAI, TODAY) == whole, text


def test_a_date_is_said_as_people_say_it() -> None:
    assert [show_date(TODAY + timedelta(days=away), TODAY) for away in (-1, 0, 1, 2)] == [
        "Yesterday",
        "Today",
        "Tomorrow",
        "7 Mar",
    ]
    assert show_date(date(2025, 12, 1), TODAY) == "1 Dec 2025"
    with speaking("zh_CN"):
        assert [show_date(TODAY + timedelta(days=away), TODAY) for away in (-1, 0, 1, 2)] == [
            "昨天",
            "今天",
            "明天",
            "3月7日",
        ]
        assert show_date(date(2025, 12, 1), TODAY) == "2025年12月1日"


def test_a_moment_shows_its_seconds_only_where_it_has_some() -> None:
    moment = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    assert show_moment(moment, SHANGHAI) == "2026-03-05 14:30"
    assert show_moment(moment + timedelta(seconds=7), SHANGHAI) == "2026-03-05 14:30:07"
    with speaking("zh_CN"):
        assert show_moment(moment, SHANGHAI, TODAY) == "今天 14:30"


@given(text=st.text(alphabet="0123456789-/:.,年月日号时分秒点 TZ+今天明后十二三Mar", max_size=22))
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(parse_date(text, TODAY), date | None)
    assert isinstance(parse_moment(text, SHANGHAI, TODAY), datetime | None)


def test_the_machine_has_a_zone_with_rules() -> None:
    assert isinstance(local_zone(), ZoneInfo)
