"""No core dumps, and nobody looks into the memory of the program."""

from __future__ import annotations

import sys

import pytest

LOOK = """
import ctypes, resource
from desktop.no_dumps import forbid_dumps
before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
forbid_dumps()
print(before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))
"""
LEFT = """
import resource, sys
import desktop.cli
try:
    desktop.cli.main(["--version"])
except SystemExit:
    pass
print(*resource.getrlimit(resource.RLIMIT_CORE))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl")
def test_the_program_cannot_be_dumped(run_python):
    assert run_python("-c", LOOK).stdout.split() == ["1", "0", "0", "0"]


@pytest.mark.skipif(sys.platform != "linux", reason="prctl")
def test_every_command_begins_with_it(run_python):
    assert run_python("-c", LEFT).stdout.splitlines()[-1] == "0 0"
