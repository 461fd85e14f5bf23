"""Sentences: marked in English, spoken in the language of whoever reads them."""

from __future__ import annotations

import contextvars
import threading
from typing import Any

import pytest

from resources import texts
from resources.texts import TN, PluralText, T, Text, _, language, plural, speak, speaking


class _Swapped:
    """A catalogue in which every sentence is turned around."""

    def gettext(self, message: str) -> str:
        return {"Hello {name}": "{name}，你好", "Save": "保存"}.get(message, message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return "{n} 条记录" if many == "{n} records" else many


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese is the catalogue above, so that these tests need no translation of the program."""
    real = texts._catalogue
    monkeypatch.setattr(texts, "_catalogue", lambda code: _Swapped() if code == "zh_CN" else real(code))


def test_a_text_is_translated_when_it_is_read_and_not_when_it_is_made() -> None:
    text = T("Save")
    assert str(text) == "Save"
    with speaking("zh_CN"):
        assert str(text) == "保存"
    assert str(text) == "Save"


def test_places_are_filled_in_either_language() -> None:
    text = T("Hello {name}", name="张伟")
    assert str(text) == "Hello 张伟"
    with speaking("zh_CN"):
        assert str(text) == "张伟，你好"
        assert _("Hello {name}", name="x") == "x，你好"


def test_what_people_typed_is_filled_in_and_never_read_as_a_place() -> None:
    assert str(T("Hello {name}", name="{name}{0}{x!r}%s")) == "Hello {name}{0}{x!r}%s"
    assert str(T("100 % {sure}")) == "100 % {sure}"
    assert str(T("")) == ""


def test_a_text_inside_a_text_is_translated_too() -> None:
    outer = T("Undo: {what}", what=T("Save"))
    assert str(outer) == "Undo: Save"
    with speaking("zh_CN"):
        assert str(outer) == "Undo: 保存"


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 records"), (1, "1 record"), (2, "2 records"), (1234567, "1,234,567 records")]
)
def test_counted_sentences_follow_the_count(n: int, said: str) -> None:
    assert plural("{n} record", "{n} records", n) == said
    assert str(TN("{n} record", "{n} records", n)) == said
    with speaking("zh_CN"):
        assert str(TN("{n} record", "{n} records", n)) == f"{n:,} 条记录"


def test_texts_are_values() -> None:
    assert T("Save") == T("Save")
    assert T("Hello {name}", name="a") != T("Hello {name}", name="b")
    assert len({T("Save"), T("Save"), T("x")}) == 2
    assert TN("a", "b", 1) == PluralText("a", "b", 1)
    assert isinstance(T("x"), Text)
    with pytest.raises(AttributeError):
        T("x").message = "y"  # type: ignore[misc]


def test_a_language_that_nobody_speaks_is_refused_and_the_old_one_stays() -> None:
    with pytest.raises(ValueError, match="tlh"):
        speak("tlh")
    assert language() == "en"
    with pytest.raises(ValueError), speaking("tlh"):
        raise AssertionError
    assert language() == "en"


def test_the_old_language_is_back_after_the_block_even_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), speaking("zh_CN"):
        raise ZeroDivisionError
    assert language() == "en"


def test_two_people_are_spoken_to_in_two_languages_at_once() -> None:
    said: dict[str, Any] = {}
    both = threading.Barrier(2)

    def serve(code: str) -> None:
        speak(code)
        both.wait()
        said[code] = str(T("Save"))

    threads = [threading.Thread(target=contextvars.Context().run, args=(serve, code)) for code in ("en", "zh_CN")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"en": "Save", "zh_CN": "保存"}
    assert language() == "en"


def test_a_new_context_begins_in_english() -> None:
    with speaking("zh_CN"):
        assert contextvars.Context().run(language) == "en"
        assert contextvars.copy_context().run(language) == "zh_CN"
