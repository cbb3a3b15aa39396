"""Extensions and cancellations by two people, notices to many, rulings on late attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.core.model

revision = "0004"
down_revision = "0003"

ROLE = "koubo_app"
TABLES = ("announcement", "extension", "proposal", "late_ruling")
INSERT_ONLY = (
    "extension",
    "late_ruling",
)
POLICIES = (
    "ALTER TABLE announcement ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE announcement FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON announcement FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON announcement FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE extension ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE extension FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON extension FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON extension FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON extension FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM opening AS parent WHERE parent.id = extension.opening_id)))",
    "CREATE POLICY public_reads ON extension FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM opening AS parent WHERE parent.id = extension.opening_id)))",
    "ALTER TABLE proposal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE proposal FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON proposal FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON proposal FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE late_ruling ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE late_ruling FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON late_ruling FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON late_ruling FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON late_ruling FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM late_attempt AS parent WHERE parent.id = late_ruling.late_attempt_id)))",
)


def secure_postgresql():
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")
    for statement in POLICIES:
        op.execute(statement)
    for table in INSERT_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {ROLE}")
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION koubo_insert_only()"
        )


def secure_sqlite():
    for table in INSERT_ONLY:
        for word in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{word} BEFORE {word.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'insert-only: {table}'); END"
            )


def upgrade():
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column(
            "said",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("reached", sa.String(length=80), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("finished_at", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_announcement_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("key", name=op.f("uq_announcement_key")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_announcement_organisation_id_id")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index("ix_announcement_due", ["finished_at", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("closes_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.CheckConstraint("closes_at > closed_at", name=op.f("ck_extension_never_earlier")),
        sa.CheckConstraint("requested_by <> approved_by", name=op.f("ck_extension_requested_by_differs")),
        sa.ForeignKeyConstraint(["approved_by"], ["staff_user.id"], name=op.f("fk_extension_approved_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_extension_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_extension_organisation_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff_user.id"], name=op.f("fk_extension_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_extension_organisation_id_id")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("extension", "cancellation", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("closes_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "approved",
                "declined",
                "taken_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'extension') = (closes_at IS NOT NULL)", name=op.f("ck_proposal_extension_has_an_instant")
        ),
        sa.CheckConstraint("state <> 'approved' OR decided_by <> asked_by", name=op.f("ck_proposal_approver_differs")),
        sa.CheckConstraint(
            "state <> 'approved' OR decided_by IS NOT NULL", name=op.f("ck_proposal_approved_by_somebody")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff_user.id"], name=op.f("fk_proposal_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff_user.id"], name=op.f("fk_proposal_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_proposal_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_proposal_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_proposal_organisation_id_id")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_proposal_asked",
            ["opening_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    op.create_table(
        "late_ruling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("late_attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("admit", "refuse", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruled_by", sa.Uuid(), nullable=False),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "late_attempt_id"],
            ["late_attempt.organisation_id", "late_attempt.id"],
            name=op.f("fk_late_ruling_organisation_id_late_attempt_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_late_ruling_organisation_id")),
        sa.ForeignKeyConstraint(["ruled_by"], ["staff_user.id"], name=op.f("fk_late_ruling_ruled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_ruling")),
        sa.UniqueConstraint("late_attempt_id", "number", name=op.f("uq_late_ruling_late_attempt_id_number")),
        sa.UniqueConstraint(
            "late_attempt_id", "outcome", "ruled_by", name=op.f("uq_late_ruling_late_attempt_id_outcome_ruled_by")
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_late_ruling_organisation_id_id")),
    )
    with op.batch_alter_table("late_ruling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_ruling_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("late_attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
        batch_op.create_index("uq_late_attempt_content", ["draft_id", "opening_id", "sha256"], unique=True)

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("announcement_id", sa.Uuid(), nullable=True))
        batch_op.create_index("uq_mail_announcement", ["announcement_id", "recipient"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        secure_postgresql()
    else:
        secure_sqlite()


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        for statement in POLICIES:
            if statement.startswith("CREATE POLICY"):
                _create, _policy, name, _on, table, *_rest = statement.split()
                op.execute(f"DROP POLICY {name} ON {table}")
    op.drop_index("uq_mail_announcement", table_name="mail")
    op.drop_column("mail", "announcement_id")  # not in a batch: SQLite would make the table anew without its triggers

    op.drop_index("uq_late_attempt_content", table_name="late_attempt")
    op.drop_column("late_attempt", "sha256")  # not in a batch: SQLite would make the table anew without its triggers

    with op.batch_alter_table("late_ruling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_ruling_organisation_id"))

    op.drop_table("late_ruling")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_asked", sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'")
        )
        batch_op.drop_index(batch_op.f("ix_proposal_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_opening_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_extension_opening_id"))

    op.drop_table("extension")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_subject_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_organisation_id"))
        batch_op.drop_index("ix_announcement_due")

    op.drop_table("announcement")
