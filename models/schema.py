"""Bringing a database to the present schema, and the triggers that make the evidence append-only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection
from sqlmodel import SQLModel

#: what a Commission, an appeal, a refusal and the service record leave under an act that has them
BY_COMMISSION = (
    "commission_order", "commission_seat", "commission_submission", "commission_call", "commission_sitting",
    "commission_presence", "commission_ballot", "commission_vote", "commission_decision", "commission_protocol",
    "commission_approval", "appeal", "appeal_outcome", "appeal_report", "court_record", "result_dispatch",
    "service_record_entry",
)  # fmt: skip
#: nobody changes or removes what was recorded, not even this program
APPEND_ONLY = (
    "journal_entry", "journal_row", "journal_content", "receipt", "result", "annual_mark", "official", "pinned_text",
    "wording", "plan_item", "plan_event", "plan_monitoring", "plan_actual", *BY_COMMISSION,
)  # fmt: skip
#: sheets of other forms than rows of marks
SHEETS = ("sheet_content", "sheet_return")
#: written once; destroyed with the documents of an evaluation alone, when it stands at 'disposed' (N-22)
KEPT = ("mark", "refusal_act", *SHEETS)
#: never removed; the columns a later act fills in or changes, all the others stay as they were written
FILLED_IN = {
    "term": ("scheduled_run",),
    "calibration_request": ("state", "decided_at", "decided_by", "ground"),
    "calibration_session": (
        "held_at", "evaluator_argument", "evaluatee_argument", "argument_manner", "score_before", "score_after", "outcome",
        "protocol_signed_at", "protocol_uploaded_at", "feedback_at", "feedback_note",
    ),
    "session_member": ("vote", "argument"),
}  # fmt: skip
PROTECTED = (*APPEND_ONLY, *KEPT, *FILLED_IN)

_REFUSE = (
    " BEGIN IF TG_OP = 'DELETE' AND TG_NARGS > 0 THEN"
    " IF EXISTS (SELECT 1 FROM assessment WHERE id = OLD.assessment_id AND stage = 'disposed') THEN RETURN OLD; END IF;"
    " END IF;"
    " IF TG_OP = 'DELETE' AND TG_NARGS > 0 THEN"
    " RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is kept: DELETE refused'; END IF;"
    " RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only: ' || TG_OP || ' refused'; END "
)


def protect(connection: Connection) -> None:
    """Install the triggers that refuse update and delete on the evidence tables, on either database; again is as well."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSE}$$"
        )
    for name, statement in triggers(connection.dialect.name).items():
        table = statement.split(" ON ")[1].split()[0]
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
        connection.exec_driver_sql(statement)


def triggers(dialect: str) -> dict[str, str]:
    """Name -> statement of each trigger of `protect`, word for word as the database tells it back."""
    made = (_postgres if dialect == "postgresql" else _sqlite)()
    return {statement.split()[2]: statement for statement in made}


def _kept(table: str) -> str:
    import models  # noqa: F401 - importing the room is what fills the metadata

    columns = SQLModel.metadata.tables[table].columns.keys()
    return ", ".join(column for column in columns if column not in FILLED_IN[table])


def _postgres() -> Iterator[str]:
    for table in PROTECTED:
        update = f"UPDATE OF {_kept(table)}" if table in FILLED_IN else "UPDATE"
        once = "'disposed'" if table in KEPT else ""
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR {update} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION refuse_change({once})"
        )
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _sqlite() -> Iterator[str]:
    disposed = " WHEN NOT EXISTS (SELECT 1 FROM assessment WHERE id = OLD.assessment_id AND stage = 'disposed')"
    for table in PROTECTED:
        update = f"UPDATE OF {_kept(table)}" if table in FILLED_IN else "UPDATE"
        kept = table in KEPT
        for what, event, when in (("UPDATE", update, ""), ("DELETE", "DELETE", disposed if kept else "")):
            word = "kept" if when else "append-only"
            yield (
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {event} ON {table}{when}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is {word}: {what} refused'); END"
            )


def unprotected(connection: Connection) -> list[str]:
    """A sentence for each trigger of `protect` that is missing or not as it was made, and for each that is not ours."""
    wanted = triggers(connection.dialect.name)
    there = dict(connection.exec_driver_sql(_THERE[connection.dialect.name]).tuples().all())
    if connection.dialect.name == "postgresql":
        wanted["refuse_change()"] = _REFUSE
    missing = [f"the protection '{name}' is missing" for name in wanted if name not in there]
    altered = [
        f"the protection '{name}' was altered" for name in wanted if there.get(name, wanted[name]) != wanted[name]
    ]
    return missing + altered + [f"the trigger '{name}' is none of this program" for name in there if name not in wanted]


#: name and text of every trigger; a trigger that is switched off tells how instead of what
_THERE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": (
        "SELECT tgname, CASE tgenabled WHEN 'O' THEN pg_get_triggerdef(t.oid, true) ELSE 'enabled: ' || CAST(tgenabled AS TEXT) END"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT tgisinternal AND pg_table_is_visible(c.oid)"
        " UNION ALL SELECT proname || '()', prosrc FROM pg_proc p WHERE proname = 'refuse_change'"
        " AND pg_function_is_visible(p.oid) ORDER BY 1"
    ),
}


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
