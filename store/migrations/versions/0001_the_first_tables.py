"""Create the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("icon", sa.Text(), nullable=True),
        sa.Column("color", sa.Text(), nullable=True),
        sa.Column("strategies", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("metrics_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_application")),
    )
    op.create_index(
        op.f("ix_application_last_seen_at"), "application", ["last_seen_at"], unique=False
    )
    op.create_table(
        "change_set",
        sa.Column(
            "id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "reverts_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "idempotency_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reverts_id"], ["change_set.id"], name=op.f("fk_change_set_reverts_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_change_set_idempotency_key")),
    )
    op.create_table(
        "context_field",
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("legal_values", sa.Text(), nullable=False),
        sa.Column("stickiness", sa.Boolean(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_context_field")),
    )
    op.create_table(
        "environment",
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("served_revision", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_environment")),
    )
    op.create_table(
        "metric_bucket",
        sa.Column(
            "toggle_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "width", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "app_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("yes", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "toggle_name",
            "width",
            "start",
            "environment",
            "app_name",
            name=op.f("pk_metric_bucket"),
        ),
    )
    op.create_index("ix_metric_bucket_age", "metric_bucket", ["width", "start"], unique=False)
    op.create_table(
        "metrics_journal",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reports", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics_journal")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "metrics_receipt",
        sa.Column(
            "key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_metrics_receipt")),
    )
    op.create_index(
        op.f("ix_metrics_receipt_received_at"), "metrics_receipt", ["received_at"], unique=False
    )
    op.create_table(
        "project",
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_project")),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("constraints", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("name", name=op.f("uq_segment_name")),
    )
    op.create_table(
        "server_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("installation_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("last_change_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_state")),
    )
    op.create_table(
        "strategy",
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("deprecated", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_strategy")),
    )
    op.create_table(
        "tag_type",
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("icon", sa.Text(), nullable=True),
        sa.Column("color", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tag_type")),
    )
    op.create_table(
        "toggle",
        sa.Column(
            "id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "project", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("impression_data", sa.Boolean(), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toggle")),
        sa.UniqueConstraint("name", name=op.f("uq_toggle_name")),
    )
    op.create_index(op.f("ix_toggle_revision"), "toggle", ["revision"], unique=False)
    op.create_table(
        "toggle_type",
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("lifetime_days", sa.Integer(), nullable=True),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_toggle_type")),
    )
    op.create_table(
        "variant_bucket",
        sa.Column(
            "toggle_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "width", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "app_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "variant", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "toggle_name",
            "width",
            "start",
            "environment",
            "app_name",
            "variant",
            name=op.f("pk_variant_bucket"),
        ),
    )
    op.create_index("ix_variant_bucket_age", "variant_bucket", ["width", "start"], unique=False)
    op.create_table(
        "api_token",
        sa.Column(
            "id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("projects", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column(
            "secret_hash",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment"], ["environment.name"], name=op.f("fk_api_token_environment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
    )
    op.create_table(
        "application_instance",
        sa.Column(
            "id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "app_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "instance_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("sdk_version", sa.Text(), nullable=True),
        sa.Column("connection_id", sa.Text(), nullable=True),
        sa.Column("interval_ms", sa.BigInteger(), nullable=True),
        sa.Column("platform_name", sa.Text(), nullable=True),
        sa.Column("platform_version", sa.Text(), nullable=True),
        sa.Column("yggdrasil_version", sa.Text(), nullable=True),
        sa.Column("spec_version", sa.Text(), nullable=True),
        sa.Column("client_ip", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_name"],
            ["application.name"],
            name=op.f("fk_application_instance_app_name"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_instance")),
        sa.UniqueConstraint(
            "app_name",
            "environment",
            "instance_id",
            name=op.f("uq_application_instance_app_name_environment_instance_id"),
        ),
    )
    op.create_index(
        op.f("ix_application_instance_last_seen_at"),
        "application_instance",
        ["last_seen_at"],
        unique=False,
    )
    op.create_index(
        "ix_application_instance_seen",
        "application_instance",
        ["app_name", "last_seen_at"],
        unique=False,
    )
    op.create_table(
        "event",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "wire_type",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("wire_data", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column(
            "subject_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "subject_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "toggle_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "toggle_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "project", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "actor_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column(
            "actor_token_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "change_set_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_set.id"], name=op.f("fk_event_change_set_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_actor_name"), "event", ["actor_name"], unique=False)
    op.create_index(op.f("ix_event_change_set_id"), "event", ["change_set_id"], unique=False)
    op.create_index(op.f("ix_event_created_at"), "event", ["created_at"], unique=False)
    op.create_index("ix_event_revision", "event", ["revision"], unique=False)
    op.create_index(
        "ix_event_subject", "event", ["subject_kind", "subject_key", "number"], unique=False
    )
    op.create_index("ix_event_toggle", "event", ["toggle_name", "number"], unique=False)
    op.create_index("ix_event_toggle_id", "event", ["toggle_id", "revision"], unique=False)
    op.create_index("ix_event_type", "event", ["type", "number"], unique=False)
    op.create_table(
        "tag",
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "value", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["type"], ["tag_type.name"], name=op.f("fk_tag_type")),
        sa.PrimaryKeyConstraint("type", "value", name=op.f("pk_tag")),
    )
    op.create_table(
        "toggle_dependency",
        sa.Column(
            "toggle_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "depends_on",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("variants", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["depends_on"], ["toggle.name"], name=op.f("fk_toggle_dependency_depends_on")
        ),
        sa.ForeignKeyConstraint(
            ["toggle_id"],
            ["toggle.id"],
            name=op.f("fk_toggle_dependency_toggle_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("toggle_id", "depends_on", name=op.f("pk_toggle_dependency")),
    )
    op.create_index(
        op.f("ix_toggle_dependency_depends_on"), "toggle_dependency", ["depends_on"], unique=False
    )
    op.create_table(
        "toggle_environment",
        sa.Column(
            "toggle_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("variants", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment"],
            ["environment.name"],
            name=op.f("fk_toggle_environment_environment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["toggle_id"],
            ["toggle.id"],
            name=op.f("fk_toggle_environment_toggle_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("toggle_id", "environment", name=op.f("pk_toggle_environment")),
    )
    op.create_index(
        op.f("ix_toggle_environment_environment"),
        "toggle_environment",
        ["environment"],
        unique=False,
    )
    op.create_table(
        "toggle_usage",
        sa.Column(
            "toggle_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "app_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_yes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_no_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("yes", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_name"],
            ["application.name"],
            name=op.f("fk_toggle_usage_app_name"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "toggle_name", "app_name", "environment", name=op.f("pk_toggle_usage")
        ),
    )
    op.create_index(
        "ix_toggle_usage_application", "toggle_usage", ["app_name", "last_seen_at"], unique=False
    )
    op.create_index(
        op.f("ix_toggle_usage_last_seen_at"), "toggle_usage", ["last_seen_at"], unique=False
    )
    op.create_table(
        "api_token_use",
        sa.Column(
            "token_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"],
            ["api_token.id"],
            name=op.f("fk_api_token_use_token_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_api_token_use")),
    )
    op.create_table(
        "toggle_strategy",
        sa.Column(
            "id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "toggle_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=True),
        sa.Column("constraints", sa.Text(), nullable=True),
        sa.Column("variants", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["toggle_id", "environment"],
            ["toggle_environment.toggle_id", "toggle_environment.environment"],
            name=op.f("fk_toggle_strategy_toggle_id_environment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toggle_strategy")),
    )
    op.create_index(
        "ix_toggle_strategy_owner", "toggle_strategy", ["toggle_id", "environment"], unique=False
    )
    op.create_table(
        "toggle_tag",
        sa.Column(
            "toggle_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "value", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["toggle_id"], ["toggle.id"], name=op.f("fk_toggle_tag_toggle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["type", "value"], ["tag.type", "tag.value"], name=op.f("fk_toggle_tag_type_value")
        ),
        sa.PrimaryKeyConstraint("toggle_id", "type", "value", name=op.f("pk_toggle_tag")),
    )
    op.create_index("ix_toggle_tag_tag", "toggle_tag", ["type", "value"], unique=False)
    op.create_table(
        "toggle_strategy_segment",
        sa.Column(
            "strategy_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_toggle_strategy_segment_segment_id")
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"],
            ["toggle_strategy.id"],
            name=op.f("fk_toggle_strategy_segment_strategy_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("strategy_id", "position", name=op.f("pk_toggle_strategy_segment")),
    )
    op.create_index(
        op.f("ix_toggle_strategy_segment_segment_id"),
        "toggle_strategy_segment",
        ["segment_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_toggle_strategy_segment_segment_id"), table_name="toggle_strategy_segment"
    )
    op.drop_table("toggle_strategy_segment")
    op.drop_index("ix_toggle_tag_tag", table_name="toggle_tag")
    op.drop_table("toggle_tag")
    op.drop_index("ix_toggle_strategy_owner", table_name="toggle_strategy")
    op.drop_table("toggle_strategy")
    op.drop_table("api_token_use")
    op.drop_index(op.f("ix_toggle_usage_last_seen_at"), table_name="toggle_usage")
    op.drop_index("ix_toggle_usage_application", table_name="toggle_usage")
    op.drop_table("toggle_usage")
    op.drop_index(op.f("ix_toggle_environment_environment"), table_name="toggle_environment")
    op.drop_table("toggle_environment")
    op.drop_index(op.f("ix_toggle_dependency_depends_on"), table_name="toggle_dependency")
    op.drop_table("toggle_dependency")
    op.drop_table("tag")
    op.drop_index("ix_event_type", table_name="event")
    op.drop_index("ix_event_toggle_id", table_name="event")
    op.drop_index("ix_event_toggle", table_name="event")
    op.drop_index("ix_event_subject", table_name="event")
    op.drop_index("ix_event_revision", table_name="event")
    op.drop_index(op.f("ix_event_created_at"), table_name="event")
    op.drop_index(op.f("ix_event_change_set_id"), table_name="event")
    op.drop_index(op.f("ix_event_actor_name"), table_name="event")
    op.drop_table("event")
    op.drop_index("ix_application_instance_seen", table_name="application_instance")
    op.drop_index(op.f("ix_application_instance_last_seen_at"), table_name="application_instance")
    op.drop_table("application_instance")
    op.drop_table("api_token")
    op.drop_index("ix_variant_bucket_age", table_name="variant_bucket")
    op.drop_table("variant_bucket")
    op.drop_table("toggle_type")
    op.drop_index(op.f("ix_toggle_revision"), table_name="toggle")
    op.drop_table("toggle")
    op.drop_table("tag_type")
    op.drop_table("strategy")
    op.drop_table("server_state")
    op.drop_table("segment")
    op.drop_table("project")
    op.drop_index(op.f("ix_metrics_receipt_received_at"), table_name="metrics_receipt")
    op.drop_table("metrics_receipt")
    op.drop_table("metrics_journal")
    op.drop_index("ix_metric_bucket_age", table_name="metric_bucket")
    op.drop_table("metric_bucket")
    op.drop_table("environment")
    op.drop_table("context_field")
    op.drop_table("change_set")
    op.drop_index(op.f("ix_application_last_seen_at"), table_name="application")
    op.drop_table("application")
