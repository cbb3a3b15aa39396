"""How migrations reach the database: as its owner (KOUBO_MIGRATION_DATABASE_URL), never as the application's role."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool

from app.core.database import prepare_engine
from app.core.model import Base

settings = current_app.extensions["koubo.settings"]


def run_migrations():
    """Run them in one transaction, so that an interrupted migration leaves nothing behind."""
    engine = create_engine(settings.migration_database_url or settings.sqlalchemy_url, poolclass=pool.NullPool)
    prepare_engine(engine)
    with engine.connect().execution_options(unguarded=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=False,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":  # else row-level security hides every row, from the owner too
                connection.exec_driver_sql("SELECT set_config('koubo.kind', 'system', true)")
            context.run_migrations()


run_migrations()
