"""What a column's header and number format suggest; a suggestion holds only where the values fit it."""

from __future__ import annotations

import re
from functools import lru_cache

_MONEY = re.compile(
    r"金额|销售额|营业额|交易额|总额|余额|税额|价格|单价|总价|售价|报价|进价|原价|价税|利润|毛利|成本|费用|收入|支出|应收|应付|实收"
    r"|工资|薪资|薪酬|奖金|货款|运费|预算|(?:^|合同)款|发生额|借方|贷方|实付|个税|社保|公积金|补贴|津贴|提成|佣金|租金|押金|定金|罚款|扣款|市值"
    r"|费(?=$|[（(])|\b(?:amount|price|cost|revenue|profit|sales|fee|salary|wage|balance"
    r"|budget|income|expense)s?\b"
)
_NO_MONEY = re.compile(
    r"率|占比|比例|数量|次数|个数|人数|天数|月数|排名|号(?=$|[（(])|编号|编码|代码|%"
    r"|\b(?:count|qty|quantity|ratio|rate|rep|person|rank|id|name|no|number)\b"
)
_PERCENT = re.compile(
    r"率$|折扣|占比|比例|百分比|完成度|进度|%|\b(?:percent|percentage|pct|rate|ratio|discount|share|progress)\b"
)
_IDENTITY = re.compile(
    r"编号|编码|代码|单号|账号|帐号|卡号|证号|学号|工号|号码|税号|条码|邮编|身份证|手机|电话|传真|号$|(?<![a-z])id$"
    r"|\b(?:identifier|no|number|code|sku|uuid|key|phone|mobile|tel|telephone|fax|zip|postcode|account|barcode|isbn|ean|fips)\b"
)
_SEQUENCE = re.compile(r"行\s*(?:id|号)|序号|序|#|№|row\s*(?:id|no\.?|number)?|index|no\.?")
_DAY = re.compile(r"日期|时间|生日|日$|\b(?:date|time|day|birthday|birth|dob)\b| (?:at|on)$")
_DATE = re.compile(r"日期|生日|日$|\b(?:date|day|birthday|birth|dob)\b")
_PHONE = re.compile(r"手机|电话|联系方式|\b(?:phone|mobile|tel|telephone|cell|fax)\b|传真")
_PADDED = re.compile(r"邮编|编号|编码|代码|工号|学号|\b(?:zip|postcode|postal code|code|sku|fips)\b")
_NAME = re.compile(r"名称|姓名|名$|标题|主题|\b(?:name|title|subject)\b")
_FREE = re.compile(
    r"备注|说明|描述|地址|意见|内容|邮箱|网址|链接|\b(?:notes?|remarks?|comments?|description|address|memo|e-?mail|url|link)\b"
)
_YES_NO = re.compile(r"是否|有无|^(?:is|has) |启用|停用|禁用|作废|有效|\b(?:enabled|active|flag)\b")

_PERSON = re.compile(
    r"(?:负责|责任|经办|经手|录入|创建|提交|申请|审批|审核|跟进|接待|处理|执行|维护|归属|所有|制单|填报|提单|下单|签约|对接)人"
    r"|(?:业务|销售|跟单|采购|仓管|客服|理货|收银|送货)(?:员|人员|代表|专员)|(?:客户|销售|项目|产品|区域|大区)(?:经理|总监)"
    r"|\b(?:owner|assignee|assigned to|sales ?(?:person|rep|man)|representative|(?:account|project|sales) manager"
    r"|(?:created|updated|handled|submitted|approved) by|responsible|handler)\b"
)
_PEOPLE = re.compile(
    r"员工|人员|成员|职员|同事|用户|通讯录|花名册|团队|业务员|销售员"
    r"|\b(?:members?|employees?|staff|people|persons?|users?|team|colleagues?|salespeople|reps?)\b"
)

_COLUMN = re.compile(
    r"(?:所属|负责)?(?:地区|区域|省份?|城市|国家|部门|职务|职位|岗位|状态|类型|类别|分类|等级|性别|客户|供应商|产品|商品|品牌|规格|型号|单位|颜色|尺寸"
    r"|负责人|联系人|经理|员工|学校|班级|科目|渠道|来源){1,2}(?:名称?)?"
    r"|(?:first |last |full |contact |company |customer |product )?(?:name|city|state|country|county|region|province"
    r"|district|department|division|team|status|type|category|class|group|gender|sex|customer|client|supplier|vendor|product|item"
    r"|brand|model|unit|colou?r|size|label|value|key|species|language|email|e-mail|manager|owner|author|role|position"
    r"|profession|occupation|school|company|tag|tags|url|website|letter|text|column|field)s?"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
CURRENCY = re.compile(r"[¥￥$€£]|\[\$([^\]-]+)|\b(?:CNY|RMB|USD|EUR|GBP)\b")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ZEROS = re.compile(r"0{2,30}")
"""More of them no code has; a crafted file has as many as its texts shall become long."""

LONGEST_SYMBOL = 10
"""Characters of the sign of a currency."""

SYMBOLS = {"￥": "¥", "CNY": "¥", "RMB": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


@lru_cache(maxsize=4096)
def words(header: str) -> str:
    """A header in small letters, with BuyerPhone and buyer_phone taken apart."""
    return _CAMEL.sub(" ", header).replace("_", " ").casefold().strip()


def names_money(header: str) -> bool:
    """Whether amounts of money are called like this."""
    return bool(_MONEY.search(words(header))) and not _NO_MONEY.search(words(header))


def names_share(header: str) -> bool:
    """Whether percentages are called like this."""
    return bool(_PERCENT.search(words(header)))


def names_identity(header: str) -> bool:
    """Whether codes, phones and other figures that are no amounts are called like this."""
    return bool(_IDENTITY.search(words(header)))


def names_sequence(header: str) -> bool:
    """Whether row numbers are called like this."""
    return bool(_SEQUENCE.fullmatch(words(header)))


def names_day(header: str) -> bool:
    """Whether dates are called like this."""
    return bool(_DAY.search(words(header)))


def names_date(header: str) -> bool:
    """Whether days are called like this, but not times."""
    return bool(_DATE.search(words(header)))


def names_phone(header: str) -> bool:
    """Whether phones are called like this."""
    return bool(_PHONE.search(words(header)))


def names_padded(header: str) -> bool:
    """Whether codes are called like this that may begin with zeros."""
    return bool(_PADDED.search(words(header)))


def names_title(header: str) -> bool:
    """Whether the names of things and people are called like this."""
    return bool(_NAME.search(words(header))) and not _FREE.search(words(header))


def names_colleague(header: str) -> bool:
    """Whether those of one's own people who look after something are called like this."""
    return bool(_PERSON.search(words(header)))


def names_people(name: str) -> bool:
    """Whether lists of one's own people are called like this."""
    return bool(_PEOPLE.search(words(name)))


def names_free_text(header: str) -> bool:
    """Whether texts that are different in every row are called like this."""
    return bool(_FREE.search(words(header)))


def names_column(header: str) -> bool:
    """Whether columns are called like this, of whatever kind."""
    said = words(header)
    known = (_IDENTITY, _DAY, _NAME, _FREE, _PHONE, _MONEY)
    return _COLUMN.fullmatch(said) is not None or (len(said) < 25 and any(each.search(said) for each in known))


def names_yes_no(header: str) -> bool:
    """Whether answers to a yes/no question are called like this."""
    return bool(_YES_NO.search(words(header)))


def currency_of(code: str) -> str:
    """The currency symbol in a number format or a text, "" where there is none."""
    match = CURRENCY.search(_QUOTED.sub(lambda quoted: quoted[1] or quoted[2] or "", code))
    if match is None:
        return ""
    symbol = (match[1] or match[0]).strip()
    return SYMBOLS.get(symbol, symbol) if len(symbol) <= LONGEST_SYMBOL else ""


def default_currency(header: str) -> str:
    """The symbol for money without one: ¥ under a Chinese header, none otherwise."""
    return "¥" if _CHINESE.search(header) else ""


def is_percent_format(code: str) -> bool:
    """Whether Excel shows the number times 100 with a percent sign."""
    return "%" in _QUOTED.sub("", code)


def padded_digits(code: str) -> int:
    """Digits of a format such as 00000, which shows leading zeros; else 0."""
    return len(code) if _ZEROS.fullmatch(code) else 0


def alike(header: str, other: str) -> bool:
    """Whether two headers mean the same column: equal but for case, spaces and punctuation."""
    return plain(header) == plain(other) != ""


def plain(header: str) -> str:
    """A header without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", header).casefold()
