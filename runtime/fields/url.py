"""URL: one address on the web."""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from resources.texts import T
from runtime.definition.kind import Props
from runtime.fields import Unreadable, WrittenText, field_types

LONGEST = 2_000
SCHEMES = frozenset({"http", "https", "ftp"})
"""Others, such as javascript and file, could do something on a click."""

_HOST = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?|localhost|\[[0-9a-f:.]+\]", re.IGNORECASE
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("。"): ord(".")}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d+(?:/|$))", re.IGNORECASE)
"""A scheme before a colon; `localhost:8080` has none."""


@field_types.register
class UrlField(WrittenText):
    """A web address; without http:// or the like it gets https://."""

    name, label, group, icon = "url", T("Web address"), T("Contact"), "url"
    editor = "link"
    longest = LONGEST
    plain = re.compile(
        r"(?:https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,60}"
        r"(?:/[A-Za-z0-9/_.~%+-]*+)?(?:\?[A-Za-z0-9/_.~%+=&-]++)?\x00)++"
    )

    def normal(self, text: str) -> str:
        plain = text.strip().strip("<>\"'“”").strip()
        head = plain.partition("/")[0] if "://" not in plain else plain
        plain = plain.translate(_WIDE) if not head.isascii() or "：" in plain else plain
        match = _SCHEME.match(plain)
        if match is None:
            plain = f"https://{plain.removeprefix('//')}"
        elif match[1].casefold() not in SCHEMES:
            raise self._unreadable(text)
        plain = "%20".join(plain.split())
        try:
            parts = urlsplit(plain)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            raise self._unreadable(text) from None
        shown = f"[{host}]" if ":" in host else host
        if _HOST.fullmatch(shown) is None or not plain.isprintable() or any(sign in plain for sign in '<>"\\^`{|}'):
            raise self._unreadable(text)
        netloc = (
            parts.netloc[: -len(host)] + host if parts.netloc.casefold().endswith(host) else parts.netloc.casefold()
        )
        return urlunsplit((parts.scheme.casefold(), netloc, parts.path, parts.query, parts.fragment))

    @staticmethod
    def _unreadable(text: str) -> Unreadable:
        return Unreadable(
            "not_a_url", T("“{text}” is not a web address. Write it as https://example.com.", text=text.strip())
        )

    def link(self, value: Any, props: Props) -> str:
        return str(value)
