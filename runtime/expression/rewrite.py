"""The two spellings of a formula: stored with ids of fields (`{#c8k2...}`), shown with their labels (`{单价}`).

Only references and names of functions are rewritten; spaces, quotes and everything else stay as typed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from runtime.expression.schema import SYSTEM_NAMES, Reference, Schema
from runtime.expression.tokens import Token, TokenKind, tokenize
from runtime.value.conversions import fold


def stored_form(source: str, schema: Schema) -> str:
    """`source` with every known field as its id and every function under its canonical name: safe against renames.

    A field the schema does not know stays as it is; `{当前用户}`, where no field is called so, becomes CURRENTUSER().

    Raises:
        FormulaSyntaxError: the text cannot be split into tokens.
    """
    return _rewritten(source, schema, _by_id)


def shown_form(source: str, schema: Schema) -> str:
    """`source` with every known field under its label; a label that means another field stays an id.

    Raises:
        FormulaSyntaxError: the text cannot be split into tokens.
    """
    return _rewritten(source, schema, _by_label)


def _rewritten(source: str, schema: Schema, spell: Callable[[Reference, Schema], str]) -> str:
    pieces: list[str] = []
    copied = 0
    for place, run in _replaceable(tokenize(source)):
        if run[0].kind is TokenKind.NAME:
            text = run[0].text
        else:
            path = tuple(token.text for token in run if token.kind is TokenKind.FIELD)
            reference = schema.resolve(path)
            if reference is None and len(path) == 1 and fold(path[0]) in SYSTEM_NAMES:
                text = f"{SYSTEM_NAMES[fold(path[0])]}()"
            elif reference is None:
                continue
            else:
                text = spell(reference, schema)
        pieces += [source[copied : place[0]], text]
        copied = place[1]
    return "".join([*pieces, source[copied:]])


def _replaceable(tokens: list[Token]) -> list[tuple[tuple[int, int], list[Token]]]:
    """Names, and the tokens of each path of fields together, with their place."""
    found: list[tuple[tuple[int, int], list[Token]]] = []
    for kind, group in groupby(tokens, _part_of_path):
        run = list(group)
        if kind:
            found += [((path[0].start, path[-1].end), path) for path in _paths(run)]
        else:
            found += [((each.start, each.end), [each]) for each in run if each.kind is TokenKind.NAME]
    return found


def _part_of_path(token: Token) -> bool:
    return token.kind is TokenKind.FIELD or (token.kind is TokenKind.OPERATOR and token.text == ".")


def _paths(run: list[Token]) -> list[list[Token]]:
    """A run of fields and dots, split where no dot joins two fields."""
    paths: list[list[Token]] = []
    joined = False
    for token in run:
        if token.kind is not TokenKind.FIELD:
            joined = bool(paths)
        elif joined:
            paths[-1].append(token)
            joined = False
        else:
            paths.append([token])
    return paths


def _by_id(reference: Reference, schema: Schema) -> str:
    return _spelled(tuple(f"#{each.removeprefix('#')}" for each in reference.path))


def _by_label(reference: Reference, schema: Schema) -> str:
    found = schema.resolve(reference.labels)
    plain = all(label == label.strip() and not label.startswith("#") for label in reference.labels)
    if not plain or found is None or found.path != reference.path:
        return _by_id(reference, schema)
    return _spelled(reference.labels)


def _spelled(items: tuple[str, ...]) -> str:
    return ".".join("{" + item.replace("}", "}}") + "}" for item in items)
