"""Rules of this house that no linter knows; each takes a `Module` and yields one line per offence."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TypeGuard

from tests.support.source import Module

CAP = 500
BANNED = {"utils", "util", "helpers", "helper", "misc", "common", "base", "core", "manager", "handler", "data", "info"}
BOUNDARIES = {
    "runtime/ui/jobs.py",  # runs any work and hands the exception to whoever asked
    "runtime/ui/notices.py",  # the boundary of a page: a UserError becomes a notice, anything else a crash report
    "runtime/ui/crash.py",  # the last boundary: shows what nobody caught
}
"""Where `except Exception` is the purpose of the module."""

DATABASE = re.compile(r"\.(db|sqlite3?|formwork)$")


def too_long(module: Module) -> Iterator[str]:
    """A module is at most 500 lines."""
    if module.lines > CAP:
        yield f"{module.path}: {module.lines} lines, the cap is {CAP}"


def banned_names(module: Module) -> Iterator[str]:
    """Files, folders and classes say what they are."""
    for part in module.path.removesuffix(".py").split("/"):
        if part in BANNED:
            yield f"{module.path}: {part} says nothing"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            words = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", node.name)
            if words and words[-1].lower() in BANNED:
                yield f"{_at(module, node)}: class {node.name} says nothing"


def no_docstring(module: Module) -> Iterator[str]:
    """Every module says in one line what lives there."""
    is_folder_of_tests = not module.tree.body and module.path.startswith("tests/")
    if not is_folder_of_tests and not (ast.get_docstring(module.tree) or "").strip():
        yield f"{module.path}: no docstring"


def modal_loops(module: Module) -> Iterator[str]:
    """No dialog runs its own event loop: it hangs tests and re-enters code; `open()` does not."""
    for node in _calls(module):
        method = node.func
        if isinstance(method, ast.Attribute) and method.attr in ("exec", "exec_") and not _may_loop(method.value):
            yield f"{_at(module, node)}: .{method.attr}() opens a modal loop"


def broad_excepts(module: Module) -> Iterator[str]:
    """`except Exception` hides bugs; it belongs to the UI boundary and the job runner."""
    if module.path in BOUNDARIES:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            broad = any(
                c is None or (isinstance(c, ast.Name) and c.id in ("Exception", "BaseException")) for c in caught
            )
            if broad and not _raises_again(node):
                yield f"{_at(module, node)}: except Exception outside the boundary"


def opened_databases(module: Module) -> Iterator[str]:
    """A second `open` of an SQLite file drops the locks of the first (POSIX); only the engine touches it."""
    for node in _calls(module):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in ("open", "read_bytes", "write_bytes", "fdopen"):
            strings = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            if any(DATABASE.search(text) for text in strings):
                yield f"{_at(module, node)}: opens a database file behind the engine's back"


def built_texts(module: Module) -> Iterator[str]:
    """`_`, `T`, `TN` and `plural` take literal sentences: Babel reads the source and sees nothing else."""
    literal = {"_": 1, "T": 1, "TN": 2, "plural": 2}
    if module.path == "resources/texts.py":
        return
    for node in _calls(module):
        count = literal.get(node.func.id, 0) if isinstance(node.func, ast.Name) else 0
        for argument in node.args[:count]:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                yield f"{_at(module, node)}: a sentence for translation is not a literal"
    for text in ast.walk(module.tree):
        marks = [node for node in ast.walk(text) if _marks(node)] if isinstance(text, ast.JoinedStr) else []
        for node in marks:
            yield f"{_at(module, node)}: a sentence for translation stands inside an f-string"


RULES: tuple[Callable[[Module], Iterator[str]], ...] = (
    *(too_long, banned_names, no_docstring),
    *(modal_loops, broad_excepts, opened_databases, built_texts),
)
OF_THE_PROGRAM = {modal_loops, broad_excepts, opened_databases, built_texts}
"""Rules that tests and tools need not follow."""


def _marks(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether this marks a sentence; Babel cannot see it inside an f-string on Python 3.11."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "T", "TN", "plural"}


def _calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def _may_loop(value: ast.expr) -> bool:
    """Whether `value.exec()` is the program's one event loop, or a drag, which Qt offers in no other way."""
    name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
    return name in ("app", "application", "qapp", "QApplication", "QCoreApplication", "drag")


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether the handler only cleans up: its last statement raises what it caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _at(module: Module, node: ast.stmt | ast.expr | ast.ExceptHandler) -> str:
    return f"{module.path}:{node.lineno}"
