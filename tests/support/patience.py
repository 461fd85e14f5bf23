"""How long tests wait for what must come: long, since it costs nothing where it comes soon."""

from __future__ import annotations

from functools import partialmethod

from pytestqt.qtbot import QtBot

PATIENCE = 60_000
"""Milliseconds; a machine that is busy with other things is no reason to fail."""


class PatientBot(QtBot):
    """A `qtbot` that waits `PATIENCE` for whatever it is asked to wait for, where nobody says another time."""


for _name in ("waitUntil", "waitSignal", "waitSignals", "waitActive", "waitExposed"):
    setattr(PatientBot, _name, partialmethod(getattr(QtBot, _name), timeout=PATIENCE))
