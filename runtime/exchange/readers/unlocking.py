"""Opens encrypted workbooks with the password of the person, by msoffcrypto. Runs in the reader process.

The password comes in the request on stdin; it is in no argument, no file and no message.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from types import SimpleNamespace
from xml.parsers.expat import ExpatError

from runtime.exchange.readers.outlet import Refusal

UNASKED = "VelvetSweatshop"
"""What Excel encrypts with where it protects a workbook and asks nobody ([MS-OFFCRYPTO] 2.4.2.3)."""

MOST_SPINS = 300_000
"""Rounds of hashing that a file may ask for; Excel writes 100,000."""

GIVES_UP = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, OverflowError, OSError, struct.error,
    ExpatError,
)  # fmt: skip
"""What msoffcrypto raises on a damaged file."""

_SPINS = re.compile(rb'spinCount="(\d+)"')


def unlock(content: bytes, password: str) -> bytes:
    """The decrypted file.

    Args:
        content: a container with an encrypted package, or an encrypted .xls.
        password: "" where the person has not said one yet.

    Raises:
        Refusal: there is none, it is another, or the encryption is unknown.
    """
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError
    from msoffcrypto.format import xls97

    endless = any(len(spins[1]) > 9 or int(spins[1]) > MOST_SPINS for spins in _SPINS.finditer(content))
    if endless or b"<!DOCTYPE" in content:  # its description is XML, which msoffcrypto parses without defusedxml
        raise Refusal("unsafe")
    xls97.tempfile = SimpleNamespace(TemporaryFile=io.BytesIO)  # what was secret stays off the disk
    made = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        checked = {"verify_password": True} if file.format == "ooxml" else {}
        file.load_key(password=password or UNASKED, **checked)
        file.decrypt(made)
    except InvalidKeyError as error:
        raise Refusal("wrong_password" if password else "password") from error
    except (DecryptionError, FileFormatError, ParseError, NotImplementedError, zipfile.BadZipFile) as error:
        raise Refusal("locked") from error
    except GIVES_UP as error:
        raise Refusal("damaged") from error
    return made.getvalue()
