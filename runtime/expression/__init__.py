"""The expression language: text -> tokens -> syntax tree -> checked, typed tree -> Python or SQL.

`evaluate` is the whole of it for one formula and values by name.

Reading what was typed: `tokens`, `parser`, `nodes`. Fields: `schema` resolves names, `rewrite` turns labels into ids
and back. Meaning: `check` (with `arithmetic`, `fitting` and `build`) makes the tree of `typed`; `operators` is what it
computes. Running: `compile_python` (with `running`) for rows in Python; `compile_sql` for filters and sorts in the
database, the only SQLAlchemy here, with `sqlite` and `wire` for what SQLite is taught. `graph` says which formula comes
after which, `blame` where in the text an error comes from.
"""

from runtime.expression.evaluation import FormulaError, evaluate

__all__ = ["FormulaError", "evaluate"]
