"""E-mail: one address."""

import re
import unicodedata
from typing import Any

from resources.texts import T
from runtime.definition.kind import Props
from runtime.fields import Unreadable, WrittenText, field_types

LONGEST = 254
"""Characters of an address (RFC 5321)."""

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?"
)
_NAMED = re.compile(r"[^<>]*<([^<>]+)>")
"""“Zhang Wei <zhang@example.com>”, as mail programs copy it."""


@field_types.register
class EmailField(WrittenText):
    """An e-mail address; its domain in small letters."""

    name, label, group, icon = "email", T("E-mail"), T("Contact"), "email"
    editor = "link"
    longest = LONGEST
    plain = re.compile(
        r"(?:(?=[^@\x00]{1,64}+@)[A-Za-z0-9_+-]++(?:\.[A-Za-z0-9_+-]++)*+"
        r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,60}\x00)++"
    )

    def normal(self, text: str) -> str:
        plain = unicodedata.normalize("NFKC", text).strip().replace("。", ".")
        named = _NAMED.fullmatch(plain)
        plain = (named[1] if named is not None else plain).strip().removesuffix(";").removesuffix(",")
        if plain.casefold().startswith("mailto:"):
            plain = plain[7:].partition("?")[0]
        local, at, domain = "".join(plain.split()).rpartition("@")
        found = f"{local}{at}{domain.casefold()}"
        if _ADDRESS.fullmatch(found) is None or ".." in found or found.startswith(".") or local.endswith("."):
            raise Unreadable(
                "not_an_email",
                T("“{text}” is not an e-mail address. Write it as name@example.com.", text=text.strip()),
            )
        return found

    def link(self, value: Any, props: Props) -> str:
        return f"mailto:{value}"
