"""XML files as UTF-8 without a document type, which is all that the parsers are given. Runs in the reader process."""

from __future__ import annotations

import re

from runtime.exchange.readers.outlet import Refusal
from runtime.exchange.readers.text_encoding import of_mark, wide_without_mark

_DECLARED = re.compile(r"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*\?>")
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
UTF8 = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))


def plain_xml(content: bytes) -> bytes:
    """The XML file `content` in UTF-8.

    Raises:
        Refusal: it has a document type, or its text is not in the encoding that it names.
    """
    marked = of_mark(content[:4]) or wide_without_mark(content[:4096])
    declared = _DECLARED.match(content[:1024].decode("latin-1"))
    name = marked.name if marked is not None else declared[1].lower() if declared is not None else "utf-8"
    name = "gb18030" if name in ("gb2312", "gbk") else name
    try:
        text = content[marked.mark if marked is not None else 0 :].decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise Refusal("damaged") from error
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog is not None else 0
    if text.startswith("<!", start):
        raise Refusal("unsafe")
    return text[start:].encode("utf-8", "replace")
