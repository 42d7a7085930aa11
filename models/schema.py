"""Bringing a database to the present schema, and the triggers that make the evidence append-only."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

#: nobody changes or removes what was recorded, not even this program
APPEND_ONLY = ("journal_entry", "journal_row", "receipt", "result", "annual_mark", "official")


def protect(connection: Connection) -> None:
    """Install the triggers that refuse update and delete on the evidence tables, on either database."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only: ' || TG_OP || ' refused'; END $$"
        )
    for table in APPEND_ONLY:
        for statement in _triggers(connection.dialect.name, table):
            connection.exec_driver_sql(statement)


def _triggers(dialect: str, table: str) -> list[str]:
    if dialect == "postgresql":
        return [
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ]
    return [
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {what} refused'); END"
        for what in ("UPDATE", "DELETE")
    ]


def upgrade(url: str) -> str:
    """Bring the database to the newest migration; return its revision id. Safe to run twice."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
    return ScriptDirectory.from_config(config).get_current_head() or ""
