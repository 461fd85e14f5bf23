"""Encrypts workbooks for the tests, in the three ways that are met: agile, standard, and RC4 in an .xls."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import olefile
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted

try:
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
except ImportError:
    ARC4 = algorithms.ARC4  # type: ignore[misc]

SALT = bytes(range(16))


def agile(source: Path, target: Path, password: str) -> Path:
    """As Excel 2010 and later."""
    made = io.BytesIO()
    OOXMLFile(io.BytesIO(source.read_bytes())).encrypt(password, made)
    target.write_bytes(made.getvalue())
    return target


def standard(source: Path, target: Path, password: str) -> Path:
    """As Excel 2007: AES-128, SHA-1, 50,000 rounds ([MS-OFFCRYPTO] 2.3.4)."""
    digest = hashlib.sha1(SALT + password.encode("utf-16-le")).digest()
    for number in range(50_000):
        digest = hashlib.sha1(struct.pack("<I", number) + digest).digest()
    digest = hashlib.sha1(digest + struct.pack("<I", 0)).digest()
    key = hashlib.sha1(bytes(a ^ 0x36 for a in digest) + b"\x36" * 44).digest()[:16]
    ecb = Cipher(algorithms.AES(key), modes.ECB())

    def sealed(content: bytes) -> bytes:
        worker = ecb.encryptor()
        return worker.update(content + bytes(-len(content) % 16)) + worker.finalize()

    verifier = bytes(range(16, 32))
    provider = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + provider
    check = struct.pack("<I", 16) + SALT + sealed(verifier) + struct.pack("<I", 20)
    check += sealed(hashlib.sha1(verifier).digest() + bytes(12))
    info = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header + check
    content = source.read_bytes()
    made = io.BytesIO()
    ECMA376Encrypted(struct.pack("<Q", len(content)) + sealed(content), info).write_to(made)
    target.write_bytes(made.getvalue())
    return target


def rc4(source: Path, target: Path, password: str) -> Path:
    """As Excel 97: the records of the .xls by RC4 with a new key each 1,024 bytes ([MS-OFFCRYPTO] 2.3.6)."""
    content = bytearray(source.read_bytes())
    with olefile.OleFileIO(bytes(content)) as container:
        stream = container.openstream("Workbook").read()
        start = (container.root.kids[0].isectStart + 1) * 512
    first = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    base = hashlib.md5((first + SALT) * 16).digest()[:5]
    verifier = bytes(range(16))
    keys = _rc4(base, 0).encryptor()
    odd = (len(stream) - _used(stream) - 58) % 4  # what xlwt leaves behind the last record stays whole blank records
    passed = struct.pack("<HHHHH", 0x2F, 54 + odd, 1, 1, 1) + SALT
    passed += keys.update(verifier) + keys.update(hashlib.md5(verifier).digest()) + bytes(odd)
    records, place = _with_room(stream, passed), 0
    plain, sealed = bytearray(records), bytearray(records)
    for begin in range(0, len(plain), 1024):
        block = plain[begin : begin + 1024]
        sealed[begin : begin + 1024] = _rc4(base, begin // 1024).encryptor().update(bytes(block))
    while place + 4 <= len(plain):  # heads of records, BOF, FILEPASS and the places of sheets stay readable
        number, length = struct.unpack_from("<HH", plain, place)
        open_to = place + 4 + (length if number in (0x809, 0x2F) else 4 if number == 0x85 else 0)
        sealed[place:open_to] = plain[place:open_to]
        place += 4 + length
    content[start : start + len(stream)] = sealed[: len(stream)]
    target.write_bytes(content)
    return target


def _rc4(base: bytes, block: int) -> Cipher[None]:
    return Cipher(ARC4(hashlib.md5(base + struct.pack("<I", block)).digest()), None)


def _used(stream: bytes) -> int:
    place = 0
    while place + 4 <= len(stream) and stream[place : place + 2] != b"\0\0":
        place += 4 + int.from_bytes(stream[place + 2 : place + 4], "little")
    return place


def _with_room(stream: bytes, passed: bytes) -> bytes:
    """The stream with FILEPASS behind the first record; xlwt's zeroes at its end make room."""
    _, length = struct.unpack_from("<HH", stream)
    cut = 4 + length
    assert not any(stream[-len(passed) :]), "no room for the record"
    moved = bytearray(stream[:cut] + passed + stream[cut : -len(passed)])
    place = 0
    while place + 4 <= len(moved):
        number, length = struct.unpack_from("<HH", moved, place)
        if number == 0x85:
            (offset,) = struct.unpack_from("<I", moved, place + 4)
            struct.pack_into("<I", moved, place + 4, offset + len(passed))
        if number == 0x0A:
            break
        place += 4 + length
    return bytes(moved)
