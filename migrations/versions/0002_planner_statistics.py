"""Tell SQLite's planner that an organisation has many rows of each table.

Without statistics SQLite takes ten rows for any equality on the first column of an index. As every query names its
organisation, it then reads all rows of the organisation where a key of a few rows stands beside it: a list of 3,000
applicants took seconds. The numbers are rough on purpose; a later ANALYZE replaces them by counted ones.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROWS, OF_AN_ORGANISATION, OF_ANOTHER_COLUMN = 100_000, 10_000, 100


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of statistics, counts nothing
    for table, index, is_unique, columns in _indexes(connection):
        if columns[0] == "organisation_id":
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, _stat(columns, is_unique))
            )


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE sqlite_stat1")


def _indexes(connection):
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars()
    for table in tables.all():
        for _seq, index, is_unique, *_rest in connection.exec_driver_sql(f"PRAGMA index_list({table})").all():
            info = connection.exec_driver_sql(f"PRAGMA index_info({index})").all()
            yield table, index, bool(is_unique), [name for _rank, _column, name in info]


def _stat(columns, is_unique):
    later = [OF_ANOTHER_COLUMN for _name in columns[1:]]
    if is_unique:
        later[-1:] = [1] if later else []
    return " ".join(str(number) for number in (ROWS, OF_AN_ORGANISATION, *later))
