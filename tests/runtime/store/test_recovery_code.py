"""Recovery codes: printed in groups, read back as people type, and a slip told from a wrong code."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.store import recovery_code
from runtime.store.recovery_code import ALPHABET, PRIME, MistypedCode, RecoveryCode, read

pytestmark = pytest.mark.one_engine

SECRET = bytes(range(20))
codes = st.binary(min_size=20, max_size=20).map(RecoveryCode)


def test_a_code_is_nine_groups_of_four_and_holds_160_bits() -> None:
    code = RecoveryCode(SECRET)
    rfc = base64.b32encode(SECRET).decode()  # RFC 4648 has the same bits in another alphabet
    assert "".join(code.groups[:8]) == rfc.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET))
    assert code.groups[0] + "-" + code.groups[8] == "000G-4GYN"
    assert [len(group) for group in code.groups] == [4] * 9
    assert set("".join(RecoveryCode.new().groups)) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert RecoveryCode.new().secret != RecoveryCode.new().secret


def test_the_check_is_modulo_a_prime() -> None:
    assert all(PRIME % divisor for divisor in range(2, 1025))
    assert PRIME < 1 << 20


@given(codes)
def test_every_code_is_read_back(code: RecoveryCode) -> None:
    found = read(str(code))
    assert found is not None
    assert found.secret == code.secret


@given(codes, st.data())
def test_a_code_is_read_however_it_is_typed(code: RecoveryCode, data: st.DataObject) -> None:
    typed = ""
    for sign in "".join(code.groups):
        meant = {"0": "0Oo０", "1": "1IiLl１"}.get(sign, sign + sign.lower())
        typed += data.draw(st.sampled_from(meant)) + data.draw(
            st.sampled_from(["", "", "-", " ", "　", "—", "\n", "_"])
        )
    found = read(typed)
    assert found is not None
    assert found.secret == code.secret


@pytest.mark.parametrize("secret", [SECRET, bytes(20), b"\xff" * 20])
def test_every_single_wrong_sign_is_a_slip(secret: bytes) -> None:
    signs = "".join(RecoveryCode(secret).groups)
    for at, right in enumerate(signs):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(MistypedCode):
                read(signs[:at] + wrong + signs[at + 1 :])


@given(codes)
def test_neighbours_that_changed_places_are_a_slip(code: RecoveryCode) -> None:
    signs = "".join(code.groups)
    for at in range(len(signs) - 1):
        if signs[at] != signs[at + 1]:
            with pytest.raises(MistypedCode):
                read(signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :])


@pytest.mark.parametrize("by", [-3, -2, -1, 1, 2, 3])
def test_signs_too_many_or_missing_are_counted(by: int) -> None:
    signs = "".join(RecoveryCode(SECRET).groups)
    typed = signs + "7" * by if by > 0 else signs[:by]
    with pytest.raises(MistypedCode, match=f"has 36 letters and digits; these are {36 + by}"):
        read(typed)


@pytest.mark.parametrize(
    "text", ["", " ", "correct horse battery staple", "十二只鸭子过河", "0" * 20, "7" * 50, "u" * 36]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read(text) is None


def test_the_text_of_a_code_is_not_in_its_repr_or_in_a_refusal() -> None:
    code = RecoveryCode.new()
    assert "…" in repr(code)
    typed = str(code)[:-1] + "!"
    assert read(typed) is None
    with pytest.raises(MistypedCode) as refusal:
        read(str(code)[:-1])
    assert str(code)[:9] not in f"{refusal.value!r} {refusal.value}"
    assert recovery_code.SIGNS * 5 == 160
