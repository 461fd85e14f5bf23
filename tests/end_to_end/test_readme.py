"""The examples of both READMEs run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.demo_workbook import write_workbook

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_script_in_the_readme_does_what_it_says(tmp_path: Path, name: str) -> None:
    found = re.search(r"```python\n(.+?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    write_workbook(tmp_path / "sales.xlsx")
    script = tmp_path / "example.py"
    script.write_text(found[1], encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "8060" in lines[0] and "6000" in lines[0]
    assert len([line for line in lines if line.startswith("DD")]) == 3
    if name == "README.md":
        assert lines[-1] == "['set', 'set', 'new']"


def test_the_pictures_of_the_readme_are_there() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        for picture in re.findall(r"!\[.+?\]\((.+?)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / picture).stat().st_size > 10_000, picture
