"""Chinese numerals: everyday 一二三, those of money 壹贰叁, and amounts of money in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from runtime.value.error_values import OUT_OF_RANGE, Failure


@dataclass(frozen=True, slots=True)
class Numerals:
    """A set of signs: the ten digits, and ten, hundred, thousand."""

    digits: str
    units: str
    zero: str

    def spelled(self, digits: str) -> str:
        """ASCII digits one by one; other characters stay."""
        return digits.translate({ord("0") + digit: sign for digit, sign in enumerate(self.digits)})

    def number(self, number: int) -> str:
        """A number up to 16 digits in words: 107000 is 一十万七千; zero is its sign."""
        high, low = divmod(number, 10**8)
        return self._joined(self._four_and_four(high), "亿", low, 10**7, self._four_and_four(low)) or self.zero

    def _four_and_four(self, number: int) -> str:
        high, low = divmod(number, 10**4)
        return self._joined(self._four(high), "万", low, 10**3, self._four(low))

    def _joined(self, high: str, unit: str, low: int, least: int, rest: str) -> str:
        if not high:
            return rest
        return f"{high}{unit}{self.zero if 0 < low < least else ''}{rest}"

    def _four(self, number: int) -> str:
        words: list[str] = []
        for power, unit in zip((1000, 100, 10, 1), (*reversed(self.units), ""), strict=True):
            digit = number // power % 10
            if digit:
                words.append(self.digits[digit] + unit)
            elif words and number % power and words[-1] != self.zero:
                words.append(self.zero)
        return "".join(words)


EVERYDAY = Numerals("〇一二三四五六七八九", "十百千", "〇")
FORMAL = Numerals("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "零")
WIDE = Numerals("０１２３４５６７８９", "", "０")

_LARGEST = 10**16
_CENTS = Context(prec=40, rounding=ROUND_HALF_UP)


def money_in_words(amount: Decimal) -> str:
    """An amount in yuan as it is written on cheques: 1234.50 is 壹仟贰佰叁拾肆元伍角; rounded to fen.

    整 closes an amount of whole yuan, 零 stands for jiao left out before fen, 负 for a minus.
    Source: 中国人民银行, 支付结算办法, appendix 1 (正确填写票据和结算凭证的基本规定).

    Raises:
        Failure: #NUM!, more than 16 digits before the point.
    """
    if abs(amount) >= _LARGEST:
        raise Failure(OUT_OF_RANGE)
    fen = int(_CENTS.multiply(_CENTS.abs(amount), Decimal(100)).to_integral_value(ROUND_HALF_UP))
    if fen >= _LARGEST * 100:
        raise Failure(OUT_OF_RANGE)
    yuan, rest = divmod(fen, 100)
    words = f"{FORMAL.number(yuan)}元" if yuan or not rest else ""
    if not rest:
        words += "整"
    else:
        words += _small_change(*divmod(rest, 10), bool(yuan))
    return f"负{words}" if amount < 0 and fen else words


def _small_change(jiao: int, fen: int, after_yuan: bool) -> str:
    words = f"{FORMAL.digits[jiao]}角" if jiao else "零" if after_yuan else ""
    return words + (f"{FORMAL.digits[fen]}分" if fen else "")
