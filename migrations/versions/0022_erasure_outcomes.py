"""Leave out 「一部を削除しました」 as an answer to a request for erasure: nothing ever gave it."""

from alembic import op

revision = "0022"
down_revision = "0021"

WITH, WITHOUT = "'kept', 'partly', 'erased'", "'kept', 'erased'"
PROPOSALS, REQUESTS = "erasure_proposal", "erasure_request"


def upgrade():
    change(WITH, WITHOUT)


def downgrade():
    change(WITHOUT, WITH)


def change(old, new):
    """Let erasure_request hold other outcomes."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE erasure_request DROP CONSTRAINT ck_erasure_request_outcome")
        op.execute(f"ALTER TABLE erasure_request ADD CONSTRAINT ck_erasure_request_outcome CHECK (outcome IN ({new}))")
        return
    with_rows_aside(lambda: make_anew(old, new))


def with_rows_aside(make):
    """Put the rows of both tables aside and back: what is prepared names requests, which may not be missing."""
    for table in (PROPOSALS, REQUESTS):
        op.execute(f"CREATE TEMPORARY TABLE {table}_aside AS SELECT * FROM {table}")
        op.execute(f"DELETE FROM {table}")
    make()
    for table in (REQUESTS, PROPOSALS):
        op.execute(f"INSERT INTO {table} SELECT * FROM {table}_aside")
        op.execute(f"DROP TABLE {table}_aside")


def make_anew(old, new):
    """Make the empty table anew with the same text but for the list."""
    made = f"SELECT name, sql FROM sqlite_master WHERE tbl_name = '{REQUESTS}' AND type = '{{}}' AND sql IS NOT NULL"
    bind = op.get_bind()
    indexes = bind.exec_driver_sql(made.format("index")).all()
    [(_name, table)] = bind.exec_driver_sql(made.format("table")).all()
    if old not in table:
        raise RuntimeError("erasure_request does not list the outcomes that this migration knows")
    op.execute(f"DROP TABLE {REQUESTS}")
    op.execute(table.replace(old, new))
    for _name, sql in indexes:
        op.execute(sql)
