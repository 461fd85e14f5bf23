"""People: CURRENTUSER."""

from __future__ import annotations

from uuid import UUID

from resources.texts import T
from runtime.functions import Group, function
from runtime.value.situation import Situation
from runtime.value.types import RECORD


@function(
    "CURRENTUSER",
    Group.PEOPLE,
    RECORD,
    volatile=True,
    aliases=("当前用户",),
    help=T("The member who is working now; to compare with a member field."),
    example="ISBLANK(CURRENTUSER())",
    shows="FALSE",
)
def currentuser(situation: Situation) -> UUID | None:
    """Record id of the member; blank where nobody asks."""
    return situation.user
