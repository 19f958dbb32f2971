"""Remove checks of foreign keys that slow down imports on PostgreSQL."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Each item is a foreign key of `toggle_dependency`: the column, the column of `toggle` to which it
# refers, and the action on deletion before this revision.
_REFERENCES = (("toggle_id", "id", "CASCADE"), ("depends_on", "name", None))


def upgrade() -> None:
    # On SQLite, checks of foreign keys are much faster. To drop a foreign key, SQLite would have to
    # copy the table.
    if op.get_bind().dialect.name == "sqlite":
        return
    op.drop_constraint(op.f("fk_event_change_set_id"), "event", type_="foreignkey")
    for column, target, _ in _REFERENCES:
        _refer(column, target, "RESTRICT")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for column, target, action in _REFERENCES:
        _refer(column, target, action)
    op.create_foreign_key(
        op.f("fk_event_change_set_id"), "event", "change_set", ["change_set_id"], ["id"]
    )


def _refer(column: str, target: str, action: str | None) -> None:
    """Change the action on deletion of a foreign key."""
    name = op.f(f"fk_toggle_dependency_{column}")
    op.drop_constraint(name, "toggle_dependency", type_="foreignkey")
    op.create_foreign_key(name, "toggle_dependency", "toggle", [column], [target], ondelete=action)
