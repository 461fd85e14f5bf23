"""An app as bytes and back."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.definition import codec
from runtime.definition.node import App
from runtime.definition.upgrades import Chain, NewerFormat
from runtime.errors import UserError
from tests.support.apps import an_app, customers_and_orders


def test_an_app_survives_the_round_trip_bit_by_bit() -> None:
    app = customers_and_orders()
    body = codec.encode(app)
    again = codec.decode(body)
    assert again == app
    assert codec.encode(again) == body


def test_an_unknown_kind_with_unknown_properties_comes_back_untouched() -> None:
    build = an_app()
    form = build.form("客户")
    field = build.field(form, "hologram", "全息", depth=3, nested={"a": [1, 2]})
    again = codec.decode(codec.encode(build.app))
    assert again.nodes[field] == build.app.nodes[field]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b'{"format": 1, "id"', "cannot be read"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"[]", "expected an object"),
        (b"{}", "names no format"),
        (b'{"format": true}', "names no format"),
        (b'{"format": 1, "id": 7, "version": 0, "nodes": []}', "not an app"),
        (b'{"format": 1, "id": "a", "version": 0, "nodes": []}', "damaged"),
        ('{"format": 1, "id": "客户"}'.encode("gbk"), "looks like GBK"),
        (b" " * codec.LIMIT + b"{", "10 MB"),
    ],
)
def test_what_is_not_an_app_is_refused_in_words(body: bytes, says: str) -> None:
    with pytest.raises(UserError) as refusal:
        codec.decode(body)
    assert says in str(refusal.value)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    app = customers_and_orders()
    assert codec.decode(b"\xef\xbb\xbf" + codec.encode(app)) == app


def test_an_app_of_a_newer_program_is_refused_with_both_numbers() -> None:
    with pytest.raises(NewerFormat, match=r"format 9.*up to 1"):
        codec.decode(b'{"format": 9}')


def test_an_old_format_climbs_every_step_of_the_chain() -> None:
    def two(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "version": raw.pop("edition")}

    def three(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "nodes": [raw["root"]], "id": raw["root"]["id"]}

    body = b'{"format": 1, "edition": 4, "root": {"id": "a1", "kind": "app"}}'
    app = codec.decode(body, Chain(3, {1: two, 2: three}))
    assert isinstance(app, App)
    assert (app.id, app.version) == ("a1", 4)
