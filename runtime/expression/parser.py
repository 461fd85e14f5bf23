"""The parser: tokens to a syntax tree, by operator precedence (Pratt 1973) with the precedences of Excel.

From weak to strong: comparison, `&`, `+ -`, `* /`, `^`, sign, `%`. All are left associative, so `2^3^2` is 64 and,
because the sign binds more tightly than `^`, `-2^2` is 4.
"""

from __future__ import annotations

from dataclasses import replace

from resources.texts import T
from runtime.expression.nodes import Binary, Call, FieldPath, Literal, Name, Node, Unary
from runtime.expression.problems import FormulaSyntaxError
from runtime.expression.tokens import Token, TokenKind, tokenize
from runtime.functions import MOST_ARGUMENTS, find_function

DEEPEST = 64
"""Brackets, calls and signs inside one another."""

MOST_NODES = 2_000

LONGEST_CHAIN = 200
"""Height of the tree, which chains such as ``a+b+c`` raise by one for each operator."""

_STRENGTH = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 10),
    "&": 20,
    **dict.fromkeys(("+", "-"), 30),
    **dict.fromkeys(("*", "/"), 40),
    "^": 50,
}
_INFIX = {word: f"{word.upper()}({{单价}}>1, {{数量}}>1)" for word in ("and", "or", "且", "或", "并且", "或者")}
_INFIX |= {"并且": _INFIX["且"], "或者": _INFIX["或"]}
"""Words that people write between two conditions -> how they are written here."""

_SIGN = 60
_PERCENT = 70


def parse(source: str) -> Node:
    """The syntax tree of a formula; one `=` at the start is allowed.

    Raises:
        FormulaSyntaxError: with the place and what is missing, in the user's words; also where a limit is reached.
    """
    return _Parser(tokenize(source)).formula()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._nodes = 0
        self._heights: dict[int, int] = {}

    def formula(self) -> Node:
        if self._is("="):
            self._advance()
        node = self._expression(0)
        if self._now.kind is not TokenKind.END:
            raise self._unexpected()
        return node

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _is(self, operator: str) -> bool:
        return self._now.kind is TokenKind.OPERATOR and self._now.text == operator

    def _advance(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _made(self, node: Node, *children: Node) -> Node:
        """Counts a node and measures its height."""
        self._nodes += 1
        height = 1 + max((self._heights[id(child)] for child in children), default=0)
        self._heights[id(node)] = height
        if self._nodes > MOST_NODES:
            raise FormulaSyntaxError(T("This formula has too many parts."), *node.span, "formula_too_large")
        if height > LONGEST_CHAIN:
            raise FormulaSyntaxError(
                T("Too many operators in a row: use SUM or CONCAT instead."), *node.span, "formula_too_deep"
            )
        return node

    def _expression(self, strength: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaSyntaxError(
                T("This formula is nested too deeply: 64 levels are allowed."),
                self._now.start,
                self._now.end,
                "formula_too_deep",
            )
        left = self._operand()
        while self._now.kind is TokenKind.OPERATOR:
            operator = self._now.text
            if operator == "%" and strength < _PERCENT:
                end = self._advance().end
                left = self._made(Unary("%", left, (left.span[0], end)), left)
            elif _STRENGTH.get(operator, 0) > strength:
                self._advance()
                right = self._expression(_STRENGTH[operator])
                left = self._made(Binary(operator, left, right, (left.span[0], right.span[1])), left, right)
            else:
                break
        self._depth -= 1
        return left

    def _operand(self) -> Node:
        token = self._now
        if token.kind is TokenKind.NUMBER:
            self._advance()
            return self._made(Literal(token.number, (token.start, token.end)))
        if token.kind is TokenKind.TEXT:
            self._advance()
            return self._made(Literal(token.text, (token.start, token.end)))
        if token.kind is TokenKind.FIELD:
            return self._field()
        if token.kind is TokenKind.NAME:
            return self._name()
        if token.kind is TokenKind.OPERATOR and token.text in "+-":
            self._advance()
            operand = self._expression(_SIGN)
            return self._made(Unary(token.text, operand, (token.start, operand.span[1])), operand)
        if self._is("("):
            return self._brackets()
        raise self._unexpected()

    def _brackets(self) -> Node:
        opening = self._advance()
        node = self._expression(0)
        if not self._is(")"):
            raise self._not_closed(opening)
        wide = replace(node, span=(opening.start, self._advance().end))
        self._heights[id(wide)] = self._heights[id(node)]
        return wide

    def _field(self) -> Node:
        first = last = self._advance()
        path = [first.text]
        while self._is("."):
            self._advance()
            if self._now.kind is not TokenKind.FIELD:
                raise FormulaSyntaxError(
                    T("After the dot comes a field in braces, as in {example}.", example="{客户}.{等级}"),
                    self._now.start,
                    self._now.end,
                    "field_expected",
                )
            last = self._advance()
            path.append(last.text)
        return self._made(FieldPath(tuple(path), (first.start, last.end)))

    def _name(self) -> Node:
        name = self._advance()
        if self._is("("):
            return self._call(name)
        if name.text in ("TRUE", "FALSE"):
            return self._made(Literal(name.text == "TRUE", (name.start, name.end)))
        if find_function(name.text) is not None:
            raise FormulaSyntaxError(
                T("The function {name} needs brackets after it.", name=name.text),
                name.start,
                name.end,
                "brackets_missing",
            )
        return self._made(Name(name.text, (name.start, name.end)))

    def _call(self, name: Token) -> Node:
        opening = self._advance()
        arguments: list[Node] = []
        while not self._is(")") or arguments:
            arguments.append(self._argument())
            if len(arguments) > MOST_ARGUMENTS:
                raise FormulaSyntaxError(T("Too many values in one function."), name.start, name.end, "too_many_values")
            if not self._is(","):
                break
            self._advance()
        if not self._is(")"):
            raise self._not_closed(opening)
        end = self._advance().end
        return self._made(Call(name.text, tuple(arguments), (name.start, end)), *arguments)

    def _argument(self) -> Node:
        if self._is(",") or self._is(")"):
            return self._made(Literal(None, (self._now.start, self._now.start)))
        return self._expression(0)

    def _not_closed(self, opening: Token) -> FormulaSyntaxError:
        if self._now.kind is not TokenKind.END:
            return self._unexpected()
        return FormulaSyntaxError(
            T("This bracket is never closed: “)” is missing."), opening.start, opening.end, "bracket_not_closed"
        )

    def _unexpected(self) -> FormulaSyntaxError:
        token = self._now
        if token.kind is TokenKind.END:
            return FormulaSyntaxError(
                T("The formula ends too early: a value is expected here."), token.start, token.end, "value_expected"
            )
        if token.kind is TokenKind.OPERATOR and token.text == ")":
            message = T("This “)” has no “(”, or a value is missing before it.")
            return FormulaSyntaxError(message, token.start, token.end, "bracket_not_opened")
        if token.kind is TokenKind.OPERATOR and token.text == "," and self._at and self._depth == 0:
            message = T("A comma stands between the values of a function; here is no function.")
            return FormulaSyntaxError(message, token.start, token.end, "comma_outside")
        if token.kind is TokenKind.OPERATOR:
            message = T("A value is expected before “{operator}”.", operator=token.text)
            return FormulaSyntaxError(message, token.start, token.end, "value_expected")
        message = T("An operator such as + or & is missing before this.")
        if token.text.casefold() in _INFIX:
            message = T(
                "{name} is a function, as in {example}.", name=token.text, example=_INFIX[token.text.casefold()]
            )
        elif self._depth:
            message = T("An operator such as + or &, or a comma, is missing before this.")
        return FormulaSyntaxError(message, token.start, token.end, "operator_missing")
