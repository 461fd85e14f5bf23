"""To version 4: beside every text what it sorts by; the keys are made after the workspace is opened."""

from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Add the columns of keys to the tables of forms, and queue what has to be filled."""
    from runtime.form import forms_of
    from runtime.store.apps import newest
    from runtime.store.sort_keys import bring_up

    for app in newest(op.get_bind()).values():
        for form in forms_of(app):
            bring_up(op.get_bind(), form, None)
