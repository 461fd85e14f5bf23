"""The translations: complete, in step with the code, and the tooling that keeps them so."""

from __future__ import annotations

import gettext
import re

import pytest

import dev
from tests.support.profile import ROOT


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A checkout in miniature with three sentences and an empty Chinese catalogue."""
    for package in dev.PACKAGES:
        (tmp_path / package).mkdir()
    source = (
        '_("Save")\nT("Field {name} is empty", name=1)\nTN("{n} record", "{n} records", 3)\n_(variable)\nother("No")\n'
    )
    (tmp_path / "runtime" / "page.py").write_text(source, "utf-8")
    po = tmp_path / "zh_CN" / "LC_MESSAGES" / "formwork.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n', "utf-8")
    return tmp_path, po


def translated(project, lines: str):
    """The catalogue after an update and a merge of `lines`, and what merge said."""
    root, po = project
    (root / "some.tsv").write_text(lines, "utf-8")
    catalogue = dev.read_catalogue(po)
    catalogue.update(dev.extract(root), no_fuzzy_matching=True)
    said = dev.merge(catalogue, root)
    dev.write_catalogue(po, catalogue)
    return dev.read_catalogue(po), said


COMPLETE = "Save\t保存\nField {name} is empty\t字段“{name}”为空\n{n} record\t{n} records\t{n} 条记录\n"


def test_every_sentence_of_the_program_is_translated():
    template = dev.extract(ROOT)
    catalogues = dev.translation_files()
    assert [po.parent.parent.name for po in catalogues] == ["zh_CN"]
    assert len(template) > 10
    assert [line for po in catalogues for line in dev.differences(template, dev.read_catalogue(po))] == []


def test_the_catalogues_name_no_person_date_or_line():
    for file in (*dev.translation_files(), dev.TEMPLATE):
        text = file.read_text("utf-8")
        assert not re.search(r"Creation-Date|Revision-Date|Last-Translator|^#: .*:\d", text, re.MULTILINE), file


def test_file_filters_keep_their_parentheses():
    for po in dev.translation_files():
        for message in dev.read_catalogue(po):
            if isinstance(message.id, str) and re.search(r" \((\*|\{patterns?\})\)$", message.id):
                end = message.id[message.id.rindex(" (") :]
                assert str(message.string).endswith(end), (
                    f"Qt reads the patterns of a filter between ( and ): {message.string}"
                )


def test_all_marks_are_extracted(project):
    ids = {message.id for message in dev.extract(project[0]) if message.id}
    assert ids == {"Save", "Field {name} is empty", ("{n} record", "{n} records")}


def test_a_merge_makes_the_language_complete(project):
    catalogue, said = translated(project, COMPLETE)
    assert dev.differences(dev.extract(project[0]), catalogue) == []
    assert said[-1].endswith("3 translations")
    po = project[1]
    dev.compile_catalogue(po)
    assert not dev.is_stale(po)
    with po.with_suffix(".mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.gettext("Save") == "保存"
    assert chinese.ngettext("{n} record", "{n} records", 2) == "{n} 条记录"


def test_writing_twice_changes_nothing(project):
    translated(project, COMPLETE)
    before = project[1].read_bytes()
    translated(project, "")
    assert project[1].read_bytes() == before


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (COMPLETE.replace("Save\t保存\n", ""), "not translated: 'Save'"),
        (COMPLETE.replace("“{name}”", "“{nmae}”"), "other {places} than the source"),
        (COMPLETE.replace("“{name}”", ""), "other {places} than the source"),
    ],
)
def test_what_is_missing_is_said(project, lines, complaint):
    catalogue, _said = translated(project, lines)
    found = dev.differences(dev.extract(project[0]), catalogue)
    assert len(found) == 1
    assert complaint in found[0]


def test_a_fuzzy_translation_is_none(project):
    catalogue, _said = translated(project, COMPLETE)
    catalogue.get("Save").flags.add("fuzzy")
    assert "fuzzy: 'Save'" in dev.differences(dev.extract(project[0]), catalogue)[0]


def test_a_sentence_the_code_lost_is_said_and_then_dropped(project):
    root, po = project
    catalogue, _said = translated(project, COMPLETE)
    (root / "runtime" / "page.py").write_text('_("Save")\n', "utf-8")
    found = dev.differences(dev.extract(root), catalogue)
    assert len(found) == 2
    assert all("not in the code any more" in line for line in found)
    again, _said = translated(project, "")
    assert dev.differences(dev.extract(root), again) == []
    assert "record" not in po.read_text("utf-8")


def test_a_merge_says_what_does_not_fit(project):
    _catalogue, said = translated(project, "Sav\t存\nSave\t保存\nSave\t储存\n{n} record\t{n} 条\nSave\t \n")
    assert len(said) == 5
    assert "no such sentence" in said[0]
    assert "already '保存'" in said[1]
