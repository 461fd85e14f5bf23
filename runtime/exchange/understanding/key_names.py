"""`Finds`: how well a field finds a record again, by what it is called: a number of its own, a name, a phone."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import IntEnum

from runtime.exchange.understanding.hints import (
    names_identity,
    names_people,
    names_phone,
    names_sequence,
    names_title,
    plain,
    words,
)


class Finds(IntEnum):
    """What a field holds of a record, the surest way to find it first.

    NUMBER is the record's own: 身份证号, 工号, 编号, 订单号. CODE is any other number, NAME that of a thing.
    EMAIL and PHONE change, but belong to one. OTHER says nothing. PERSON is a name that several people can have.
    """

    NUMBER = 0
    CODE = 1
    NAME = 2
    EMAIL = 3
    PHONE = 4
    OTHER = 5
    PERSON = 6


OF_PEOPLE = (Finds.NUMBER, Finds.CODE, Finds.EMAIL, Finds.PHONE)
"""What is better than the name of a person."""

_OWN = re.compile(
    r"身份证|证件号|护照|工号|学号|考号|准考证|学籍|社保号|会员卡?号|病历号|住院号|就诊卡|档案号|单号|(?:订单|合同|发票|员工|职工|学生|资产|设备|案件)编?号"
    r"|流水号|信用代码|车牌|序列号|条码|^(?:编号|编码|代码|代号|id|code|no|number|key|uuid|sku|isbn|ean|guid)$"
    r"|\b(?:passport|ssn|national id|(?:employee|staff|student|member|patient|order|invoice|contract|serial)"
    r" ?(?:id|no|number|code)|uuid|sku|isbn|ean|barcode)\b"
)
_OTHERS = re.compile(
    r"邮编|邮政编码|传真|部门|班级|年级|学校|院系|专业|公司|单位|上级|主管|岗位|职位|型号|批号|区号|版本|门牌|楼|室号|房号|紧急|配偶|父|母|监护"
    r"|家长|推荐|介绍|担保|\b(?:zip|postcode|postal|fax|model|version|department|dept|manager|supervisor|parent|spouse"
    r"|emergency|guardian|job|school|company code)\b"
)
_ACCOUNT = re.compile(r"账号|帐号|卡号|账户|\b(?:account|iban|card)\b")
"""What says more of people than of anything else."""

_EMAIL = re.compile(r"邮箱|电子邮件|\be-?mail\b")
_PERSON = re.compile(
    r"姓名|名字|联系人|(?:负责|责任|经办|申请|报名|登记)人|surname|\b(?:full|first|last|family|given|nick) ?name\b"
    r"|\b(?:employee|staff|student|member|patient|candidate|applicant|contact|person) name\b"
)
_OF_SOMEBODY = re.compile(r"联系|负责|责任|经办|\bcontact\b")
_NAME_ALONE = re.compile(r"name|名称?")
_SAYS_PEOPLE = re.compile(
    r"性别|出生|生日|民族|学历|婚姻|籍贯|年龄|身份证|\b(?:gender|sex|birth|birthday|birthdate|dob|age|marital|nationality"
    r"|first name|last name|job title)\b"
)


def finds(header: str, sheet: str = "", people: bool = False) -> Finds:
    """How well a column finds a record.

    Args:
        sheet: what the sheet or the form is called: in 客户 the 客户编号 is the record's own, in 订单 it is not.
        people: whether its records are people; see `lists_people`.
    """
    said, name = words(header), plain(sheet)
    own = bool(name) and plain(header).startswith((name, name.removesuffix("s")))
    if (_OTHERS.search(said) and not own) or names_sequence(header):
        return Finds.PERSON if _PERSON.search(said) else Finds.OTHER
    if _EMAIL.search(said):
        return Finds.EMAIL
    if names_phone(header):
        return Finds.PHONE
    if names_identity(header):
        if own or _OWN.search(said):
            return Finds.NUMBER
        return Finds.OTHER if _ACCOUNT.search(said) and not people else Finds.CODE
    if _PERSON.search(said) or (_NAME_ALONE.fullmatch(said) and people):
        return Finds.PERSON
    return Finds.NAME if names_title(header) and not people else Finds.OTHER


def speaks_of(header: str, sheet: str) -> int:
    """Where in the name of a sheet stands what a header begins with; -1 where it does not.

    What the sheet is about stands last there: 订单号 speaks of 客户订单 more than 客户编号.
    """
    said = words(header)
    begin = re.match(r"[a-z]{3,}|[\u4e00-\u9fff]{2}", said)
    return words(sheet).rfind(begin[0]) if begin is not None else -1


def lists_people(headers: Collection[str], sheet: str = "") -> bool:
    """Whether rows under these headers are people, so that what a record is called is the name of a person."""
    return names_people(sheet) or any(_names_who(said) or _SAYS_PEOPLE.search(said) for said in map(words, headers))


def _names_who(said: str) -> bool:
    return _PERSON.search(said) is not None and not _OF_SOMEBODY.search(said) and not _OTHERS.search(said)
