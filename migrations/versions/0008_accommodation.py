"""Requests for accommodation, sealed, with the grant to read them; requests for erasure."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0008"
down_revision = "0007"

ROLE = "koubo_app"
TABLES = ("accommodation", "erasure_request")
INSERT_ONLY = ()
POLICIES = (
    "ALTER TABLE accommodation ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE accommodation FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON accommodation FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON accommodation FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation() AND EXISTS (SELECT 1 FROM application AS a WHERE a.opening_id = accommodation.opening_id AND a.applicant_id = accommodation.applicant_id))) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation() AND EXISTS (SELECT 1 FROM application AS a WHERE a.opening_id = accommodation.opening_id AND a.applicant_id = accommodation.applicant_id)))",
    "CREATE POLICY applicant_writes ON accommodation FOR ALL USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant())) WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "ALTER TABLE erasure_request ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE erasure_request FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON erasure_request FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON erasure_request FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON erasure_request FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent WHERE parent.id = erasure_request.application_id)))",
    "CREATE POLICY applicant_inserts ON erasure_request FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent WHERE parent.id = erasure_request.application_id)))",
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


BEFORE, AFTER = "'auditor', 'reviewer'", "'auditor', 'accommodation', 'reviewer'"


def change_roles(old, new):
    """Let role_grant hold other roles; on SQLite the table is made anew with the same text but for the list."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        roles = f"('admin', 'author', 'hr', 'approver', {new}, 'chair')"
        op.execute("ALTER TABLE role_grant DROP CONSTRAINT ck_role_grant_role")
        op.execute(f"ALTER TABLE role_grant ADD CONSTRAINT ck_role_grant_role CHECK (role IN {roles})")
        return
    made = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'role_grant' AND type = '{}' AND sql IS NOT NULL"
    indexes = bind.exec_driver_sql(made.format("index")).all()
    [(_name, table)] = bind.exec_driver_sql(made.format("table")).all()
    if old not in table:
        raise RuntimeError("role_grant does not list the roles that this migration knows")
    for name, _sql in indexes:
        op.execute(f"DROP INDEX {name}")
    op.execute("ALTER TABLE role_grant RENAME TO role_grant_before")
    op.execute(table.replace(old, new))
    op.execute("INSERT INTO role_grant SELECT * FROM role_grant_before")
    op.execute("DROP TABLE role_grant_before")
    for _name, sql in indexes:
        op.execute(sql)


def upgrade():
    change_roles(BEFORE, AFTER)
    op.create_table(
        "accommodation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("answer_sealed", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "talking",
                "settled",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("changed_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("answered_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR (sealed = '' AND answer_sealed = '')",
            name=op.f("ck_accommodation_withdrawn_is_empty"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["staff_user.id"], name=op.f("fk_accommodation_answered_by")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_accommodation_applicant_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_accommodation_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_accommodation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
        sa.UniqueConstraint("opening_id", "applicant_id", name=op.f("uq_accommodation_opening_id_applicant_id")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_accommodation_organisation_id_id")),
    )
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accommodation_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accommodation_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("kept", "partly", "erased", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_erasure_request_answered_as_a_whole"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["staff_user.id"], name=op.f("fk_erasure_request_answered_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_erasure_request_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_erasure_request_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_erasure_request_organisation_id_id")),
    )
    with op.batch_alter_table("erasure_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_request_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_erasure_request_waiting",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
    if op.get_bind().dialect.name == "postgresql":
        secure_postgresql()
    else:
        secure_sqlite()


def downgrade():
    op.execute("DELETE FROM role_grant WHERE role = 'accommodation'")
    change_roles(AFTER, BEFORE)
    if op.get_bind().dialect.name == "postgresql":
        for statement in POLICIES:
            if statement.startswith("CREATE POLICY"):
                _create, _policy, name, _on, table, *_rest = statement.split()
                op.execute(f"DROP POLICY {name} ON {table}")
    with op.batch_alter_table("erasure_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_erasure_request_waiting",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_erasure_request_organisation_id"))

    op.drop_table("erasure_request")
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accommodation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_accommodation_applicant_id"))

    op.drop_table("accommodation")
