"""Cells that lead somewhere: Ctrl and a click write the mail, call the number, open the page."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QUrl
from PySide6.QtGui import QDesktopServices

from runtime.ui.record_model import RecordModel


def link_of(model: RecordModel, index: QModelIndex | QPersistentModelIndex) -> str:
    """Where a cell leads; "" = nowhere."""
    if not index.isValid():
        return ""
    row, field = model.record(index.row()), model.fields[index.column()]
    value = model.value(row, field) if row is not None else None
    return field.kind.link(value, field.props) if value is not None else ""


def follow(model: RecordModel, index: QModelIndex | QPersistentModelIndex) -> bool:
    """Open where the cell leads, in the program of the system; whether it leads anywhere."""
    link = link_of(model, index)
    if link:
        QDesktopServices.openUrl(QUrl(link))
    return bool(link)
