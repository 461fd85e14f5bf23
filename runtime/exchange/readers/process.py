"""The child that parses files: `python -m runtime.exchange.readers.process`, limited in memory, never near a store.

It takes a `Request` on stdin and answers with frames on stdout. It is killed when nobody wants the answer any more.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from runtime.exchange.readers import wire
from runtime.exchange.readers.archive import Extra, Format, Look, look_into
from runtime.exchange.readers.options import Limits
from runtime.exchange.readers.outlet import Outlet, Refusal
from runtime.exchange.readers.plain_xml import plain_xml
from runtime.exchange.readers.refusals import ArchiveLocked, CannotRead, FileTooLarge, UnsafeArchive
from runtime.exchange.readers.xlsx_parts import BROKEN

CPU_SECONDS = 600


def confine(memory: int) -> None:
    """Limit this process: address space, processor time, no files written, no core dump (where the system can)."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def read(request: wire.Request, out: BinaryIO) -> None:
    """Send every sheet of the file.

    Raises:
        Refusal: the file cannot be read.
    """
    outlet = Outlet(out, request.limits)
    if request.format is Format.TEXT:
        from runtime.exchange.readers.text import read_text

        read_text(request, outlet)
    elif request.format in (Format.HTML, Format.MHTML):
        from runtime.exchange.readers.html import read_html

        read_html(request, outlet)
    elif request.format is Format.SPREADSHEETML:
        from runtime.exchange.readers.spreadsheetml import read_spreadsheetml

        read_spreadsheetml(request, outlet)
    else:
        _read_workbook(request, outlet)
    wire.send(out, wire.Finished())


def _read_workbook(request: wire.Request, outlet: Outlet) -> None:
    from runtime.exchange.readers.ods_parts import packed
    from runtime.exchange.readers.workbook import read_workbook

    content, kind, squeeze = Path(request.path).read_bytes(), request.format, request.squeeze
    extras: tuple[Extra, ...] = ()
    if kind is Format.LOCKED:
        from runtime.exchange.readers.unlocking import unlock

        content = unlock(content, request.options.password)
        look = _look_into(content, request.limits)
        kind, squeeze, extras = look.format, squeeze or look.giant, look.extras
    elif kind is Format.FLAT_ODS:
        content, kind = packed(plain_xml(content)), Format.ODS
    read_workbook(content, kind, squeeze, request.options.password, outlet, extras)


def _look_into(content: bytes, limits: Limits) -> Look:
    """The cheap look at an archive that was encrypted until now."""
    try:
        return look_into(io.BytesIO(content), limits)
    except UnsafeArchive as error:
        raise Refusal("unsafe") from error
    except FileTooLarge as error:
        raise Refusal("large") from error
    except ArchiveLocked as error:
        raise Refusal("locked") from error
    except CannotRead as error:
        raise Refusal("damaged") from error


def main() -> None:
    """Answer one request; stdout carries frames only, whatever a library prints goes to stderr."""
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=wire.Request)
    confine(request.limits.memory)
    try:
        read(request, out)
    except Refusal as refusal:
        wire.send(out, wire.Failed(refusal.reason, refusal.detail))
    except MemoryError:
        wire.send(out, wire.Failed("memory"))
    except BROKEN as error:
        wire.send(out, wire.Failed("damaged", str(error)))
    out.close()


if __name__ == "__main__":
    main()
