"""Encodings of texts that GB18030 would accept or Western letters could be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from runtime.exchange.readers.text_encoding import Encoding, find_encoding
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import read

RUSSIAN = "Номер;Фамилия;Город\n1;Иванов;Москва\n2;Петрова;Санкт-Петербург\n3;Кузнецова;Новосибирск\n"
GREEK = "Κωδικός;Όνομα;Πόλη\n1;Γιώργος;Αθήνα\n2;Μαρία;Θεσσαλονίκη\n3;Ελένη;Πάτρα\n"
KOREAN = "사번,이름,부서\n00001,김철수,영업부\n00002,이영희,총무부\n"
JAPANESE = "社員番号,氏名,フリガナ\n00001,山田 太郎,ヤマダ タロウ\n00002,髙橋 恵㈱,タカハシ メグミ\n"
POLISH = "Imię;Nazwisko;Miasto\nŁukasz;Wiśniewski;Łódź\nGrażyna;Dąbrowska;Kraków\n"

FOREIGN = {
    "Cyrillic": (RUSSIAN, "cp1251"),
    "Cyrillic of KOI8": (RUSSIAN, "koi8_r"),
    "Cyrillic of DOS": (RUSSIAN, "cp866"),
    "Cyrillic in capitals": (RUSSIAN.upper(), "cp1251"),
    "Greek": (GREEK, "cp1253"),
    "Korean": (KOREAN, "cp949"),
    "Japanese": (JAPANESE, "cp932"),
    "Japanese in syllables": ("なまえ,かず\nりんご,5\nみかん,7\n", "cp932"),
    "Polish": (POLISH, "cp1250"),
    "Traditional Chinese": ("編號,姓名,部門,備註\n1,陳大文,業務部,無\n2,林美麗,會計部,無\n", "big5"),
    "German": ("Kunde;Ort;Betrag\nMüller & Söhne;Köln;5 €\nBäckerei Groß;Fürth;3 €\n", "cp1252"),
    "Portuguese": ("Descrição;Situação\nMaçã;Disponível\nPão;Indisponível\n", "cp1252"),
    "French in capitals": ("PRÉNOM;VILLE\nÉLÉONORE;ORLÉANS\nHÉLÈNE;NÎMES\n", "cp1252"),
    "Arabic": ("الاسم,المدينة\nأحمد,القاهرة\nفاطمة,الرياض\n", "cp1256"),
    "Hebrew": ("שם,עיר\nדוד כהן,תל אביב\nשרה לוי,ירושלים\n", "cp1255"),
    "Turkish": ("Adı;Şehir\nAyşe Yılmaz;İstanbul\nIşık Şahin;Muğla\n", "cp1254"),
    "Icelandic": ("Nafn;Bær\nÞórður;Akureyri\nGuðný;Ísafjörður\nÞóra;Hvammstangi\n", "cp1252"),
    "blanks that do not break": ("a;b\n\xa0\xa0\xa0 1;2\n\xa0\xa0\xa0\xa0\xa0 3;4\n\xa0\xa0\xa0 5;6\n", "cp1252"),
    "cubic metres and Spanish questions": ("pregunta;valor\n¿Qué tamaño?;5 m³\n¿Cuánto?;7 cm³/h\n", "cp1252"),
}


def encoding(text: str, name: str) -> Encoding:
    return find_encoding(io.BytesIO(text.encode(name)))


@pytest.mark.parametrize("case", FOREIGN)
def test_what_is_plausible_is_assumed_and_said_to_be_unsure(case: str) -> None:
    text, name = FOREIGN[case]
    found = encoding(text, name)
    assert (text.encode(name).decode(found.name), found.doubtful) == (text, True)


CHINESE = [
    "姓名,电话\n张三,13800138000\n",
    "客户名称,地址\n杭州云图科技有限公司,浙江省杭州市西湖区文三路\n上海某某贸易有限公司,上海市浦东新区\n",
    "品名,产地\n当归,甘肃\n黄芪,内蒙古\n枸杞,宁夏\n茯苓,云南\n",
    "品名\n螺丝\n扳手\n焊锡\n电烙铁\n镊子\n钳子\n",
    "交易时间,交易对方,金额\n2024-03-30,美团,28.50\n2024-03-29,王芳,200.00\n",
    "城\n",
]


UNUSUAL_CHINESE = [
    "牡蛎,41\n鳖甲,30\n柴胡,73\n茯苓,5\n",
    "名称,数量\n薄荷,15\n枸杞,25\n穿心莲,31\n枳实,73\n杜仲,47\n蒲公英,73\n茯苓,40\n藿香,45\n磁石,64\n龟甲,58\n",
    "阮晟瑾\n尤砚\n刁颖哲\n盛恺\n丛奕\n邓语\n柳翊语\n栾曦妍\n晏雅\n史昊\n乔涵钰\n欧哲璇\n戚汐\n龙嵘\n",
    "侯曜彤,81\n刁沐,75\n戚铭峰,98\n任宸,90\n",
    "挡圈,69\n垫圈,63\n密封圈,30\n",
    "蝌蚪,73\n鲱鱼,20\n蟋蟀,28\n",
]


@pytest.mark.parametrize("text", UNUSUAL_CHINESE)
def test_lists_of_unusual_names_in_chinese_are_no_other_letters(text: str) -> None:
    assert encoding(text, "gb18030").name == "gb18030"


@pytest.mark.parametrize("text", CHINESE)
def test_chinese_is_surely_chinese(text: str) -> None:
    assert encoding(text, "gb18030") == Encoding("gb18030")


def test_a_foreign_csv_is_read_with_its_letters_and_the_doubt_names_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(GREEK.encode("cp1253"))
    plan = understand(read(path), Progress())
    assert [column.label for column in plan.sheet("a").columns] == ["Κωδικός", "Όνομα", "Πόλη"]
    assert "cp1253" in str(plan.doubt("a//encoding").message)


def test_a_few_words_that_may_be_korean_are_read_as_chinese_but_said_to_be_unsure() -> None:
    found = encoding("품목,수량\n사과,5\n배,7\n감,8\n", "cp949")
    assert (found.name, found.doubtful) == ("gb18030", True)
