"""Keep files that go with messages, either way."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0019"
down_revision = "0018"

ROLE = "koubo_app"
TABLES = ("attached_file", "attachment")
KEPT = (
    "organisation_id, opening_id, applicant_id, staff_user_id, file_name, key, sha256, size, media, pages, stored_at,"
    " scan_state, scan_due_at, scan_tries"
)
OF_MESSAGE = (
    "SELECT a.id FROM message AS m JOIN message_thread AS t ON t.id = m.thread_id"
    " JOIN message_thread AS u ON u.id = coalesce(t.joined_to, t.id)"
    " JOIN application AS a ON a.opening_id = u.opening_id AND a.applicant_id = u.applicant_id WHERE m.id = "
)  # the application whose mark lets an attachment go (0017)
POLICIES = (
    "ALTER TABLE attached_file ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE attached_file FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON attached_file FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON attached_file FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation() AND (staff_user_id IS NOT NULL OR EXISTS (SELECT 1 FROM attachment AS a WHERE a.attached_file_id = attached_file.id)))) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation() AND (staff_user_id IS NOT NULL OR EXISTS (SELECT 1 FROM attachment AS a WHERE a.attached_file_id = attached_file.id))))",
    "CREATE POLICY applicant_writes ON attached_file FOR ALL USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant() AND (staff_user_id IS NULL OR EXISTS (SELECT 1 FROM attachment AS a WHERE a.attached_file_id = attached_file.id)))) WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant() AND (staff_user_id IS NULL OR EXISTS (SELECT 1 FROM attachment AS a WHERE a.attached_file_id = attached_file.id))))",
    "ALTER TABLE attachment ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE attachment FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON attachment FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON attachment FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON attachment FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM message AS parent WHERE parent.id = attachment.message_id)))",
    "CREATE POLICY applicant_inserts ON attachment FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM message AS parent WHERE parent.id = attachment.message_id)))",
)


def secure_postgresql():
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")
    op.execute(f"REVOKE UPDATE ON attachment FROM {ROLE}")
    for statement in POLICIES:
        op.execute(statement)
    for kind in ("staff", "applicant"):
        op.execute(
            f"CREATE TRIGGER attached_file_kept_by_{kind} BEFORE UPDATE OF {KEPT} ON attached_file FOR EACH ROW"
            f" WHEN (koubo_kind() = '{kind}') EXECUTE FUNCTION koubo_kept()"
        )
    op.execute(
        "CREATE TRIGGER attachment_insert_only BEFORE UPDATE OR DELETE ON attachment"
        f" FOR EACH ROW EXECUTE FUNCTION koubo_unless_erased('{OF_MESSAGE}($1).message_id')"
    )


def secure_sqlite():
    is_erased = f"EXISTS (SELECT 1 FROM application WHERE erased_at IS NOT NULL AND id IN ({OF_MESSAGE}OLD.message_id))"
    for word, when in (("update", ""), ("delete", f" WHEN NOT {is_erased}")):
        op.execute(
            f"CREATE TRIGGER attachment_no_{word} BEFORE {word.upper()} ON attachment{when}"
            " BEGIN SELECT RAISE(ABORT, 'insert-only: attachment'); END"
        )


def upgrade():
    op.create_table(
        "attached_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("staff_user_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column(
            "scan_state",
            sa.Enum(
                "unscanned",
                "clean",
                "infected",
                name="scan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stored_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("scan_due_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("scan_tries", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_attached_file_applicant_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_attached_file_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_attached_file_organisation_id")
        ),
        sa.ForeignKeyConstraint(["staff_user_id"], ["staff_user.id"], name=op.f("fk_attached_file_staff_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_file")),
        sa.UniqueConstraint("key", name=op.f("uq_attached_file_key")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_attached_file_organisation_id_id")),
    )
    with op.batch_alter_table("attached_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attached_file_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attached_file_scan_due_at"), ["scan_due_at"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("attached_file_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("seq BETWEEN 1 AND 3", name=op.f("ck_attachment_seq")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "attached_file_id"],
            ["attached_file.organisation_id", "attached_file.id"],
            name=op.f("fk_attachment_organisation_id_attached_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "message_id"],
            ["message.organisation_id", "message.id"],
            name=op.f("fk_attachment_organisation_id_message_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_attachment_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("message_id", "seq", name=op.f("uq_attachment_message_id_seq")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_attachment_organisation_id_id")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_attached_file_id", ["attached_file_id"], unique=False)
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
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_attached_file_id")

    op.drop_table("attachment")
    with op.batch_alter_table("attached_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attached_file_scan_due_at"))
        batch_op.drop_index(batch_op.f("ix_attached_file_applicant_id"))

    op.drop_table("attached_file")
