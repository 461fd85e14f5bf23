"""Grid: records as rows."""

from __future__ import annotations

from resources.texts import T
from runtime.views import ViewType, view_types


@view_types.register
class GridViewType(ViewType):
    """The table of the desktop."""

    name, label = "grid", T("Grid")
