"""Runs import-linter over a copy of the packages, once clean and once with each planted fault.

A program of its own (`python contracts.py COPY FAULTS ANSWER`), because the linter looks at the packages it can import:
in the process of the tests these are the real ones.

FAULTS is JSON `{fault: {file: text to append}}`, ANSWER `{fault: [broken contracts]}` where "" is the clean copy.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from importlinter import configuration
from importlinter.application import use_cases

configuration.configure()


def broken(copy: Path) -> list[str]:
    """Ids of the contracts that the copy breaks."""
    options = use_cases.read_user_options(str(copy / "pyproject.toml"))
    use_cases._register_contract_types(options)
    report = use_cases.create_report(options, cache_dir=str(copy / ".cache"))
    ids = {contract["name"]: contract["id"] for contract in options.contracts_options}
    if report.could_not_run:
        raise SystemExit(f"contracts that could not run: {report.invalid_contract_options}")
    return sorted(ids[contract.name] for contract, check in report.get_contracts_and_checks() if not check.kept)


def broken_by(copy: Path, additions: dict[str, str]) -> list[str]:
    """Ids of the contracts that the copy breaks with the additions in it; takes them out again."""
    former = {name: (copy / name).read_text("utf-8") if (copy / name).exists() else None for name in additions}
    made = []
    for name, addition in additions.items():
        file = copy / name
        for folder in reversed(file.relative_to(copy).parents):
            package = copy / folder / "__init__.py"
            if folder != Path() and not package.exists():
                package.parent.mkdir(exist_ok=True)
                package.touch()
                made.append(package)
        file.write_text((former[name] or "") + "\n" + addition + "\n", "utf-8")
    try:
        return broken(copy)
    finally:
        for name, text in former.items():
            if text is None:
                (copy / name).unlink()
            else:
                (copy / name).write_text(text, "utf-8")
        for package in made:
            package.unlink()


def main() -> None:
    """Answer for every fault."""
    copy, faults, answer = (Path(name).resolve() for name in sys.argv[1:4])
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    planted: dict[str, dict[str, str]] = json.loads(faults.read_text("utf-8"))
    found = {"": broken(copy), **{name: broken_by(copy, additions) for name, additions in planted.items()}}
    answer.write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
