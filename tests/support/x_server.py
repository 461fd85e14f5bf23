"""A virtual X server for the few tests that need real windows (real drags, xdotool)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def running() -> Iterator[str]:
    """An Xvfb on a free display inside the block; yields its name, such as ":7".

    Without Xvfb the test is skipped on a person's machine and fails in CI, where nothing may be skipped silently.
    """
    program = shutil.which("Xvfb")
    if program is None:
        reason = "Xvfb is not installed: sudo apt-get install xvfb"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as pipe:
                number = pipe.readline().strip()
            if not number:
                pytest.fail("Xvfb ended before it had a display", pytrace=False)
            yield f":{number}"
        finally:
            server.terminate()
            server.wait(60)
