"""The version of the database: bring it up to date, or tell whether it is."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from store.tables import Instance

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``, in one transaction; a database that is there already is left as it is."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to an older ``revision``."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """Return the revision of the database; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def answer(engine: Engine) -> None:
    """Ask the database for a sign of life; raises what SQLAlchemy raises when there is none."""
    with engine.connect() as connection:
        connection.execute(text("select 1"))


def newest() -> str:
    """Return the revision that this code needs."""
    revision = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if revision is None:
        raise LookupError(f"There are no migrations in {MIGRATIONS}; the installation is damaged.")
    return revision


def differences(engine: Engine) -> list[str]:
    """Return how the database differs from the tables of this code; empty when migrations and tables agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return [str(difference) for difference in compare_metadata(context, Instance.metadata)]


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
