"""What `work()` hands out: the driver's own transaction, and SQLAlchemy's session over it once somebody asks for one.

An event of one person is a handful of statements of our own SQL (`models/sql.py`); making and closing a session of
objects around them costs as much again. So the connection is taken from SQLAlchemy's pool and the transaction is begun
and ended in the driver's words, and the session is made over that same transaction when its first name is used.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlmodel import Session


class Transaction:
    """One transaction. Everything a session can do, it can: whatever is not said here is asked of the session.

    Attributes:
        info: what belongs to this transaction (the journal's entries under way), as a session's.
        postgres: does it speak to PostgreSQL?
    """

    def __init__(self, engine: Engine, mode: str) -> None:
        self._engine, self._mode = engine, mode
        self.info: dict[str, Any] = {}
        self.postgres = engine.dialect.name == "postgresql"
        self._held: Any = None
        self._raw: Any = None
        self._session: Session | None = None

    @property
    def raw(self) -> Any:
        """The driver's connection, inside the transaction; it is begun by whoever asks first."""
        if self._raw is None:
            self._begin()
        return self._raw

    def _begin(self) -> None:
        self._held = self._engine.raw_connection()
        try:
            begin(self._held.dbapi_connection, self._mode)
        except psycopg.OperationalError as gone:
            # the server was started anew since the pool was filled; nothing was said yet, so it is said again
            self._held.invalidate(gone)
            self._engine.dispose()
            self._held = self._engine.raw_connection()
            begin(self._held.dbapi_connection, self._mode)
        self._raw = self._held.dbapi_connection

    def together(self) -> AbstractContextManager[object]:
        """What is said inside goes to PostgreSQL in as few messages as its answers allow; SQLite lies in this process."""
        return self.raw.pipeline() if self.postgres else nullcontext()

    def get_bind(self) -> Engine:
        """The engine of its database."""
        return self._engine

    def __getattr__(self, name: str) -> Any:
        if self._session is None:
            if self._raw is None:
                self._begin()
            over = Connection(self._engine, connection=self._held)
            self._session = Session(over, expire_on_commit=False)
        return getattr(self._session, name)

    def write(self) -> None:
        """Write what the session holds unwritten, when there is one."""
        if self._session is not None:
            self._session.flush()

    def undo(self) -> None:
        """Leave nothing behind; whatever the trouble was, it stays the one that is told."""
        if self._raw is not None:
            with suppress(Exception):  # a broken connection cannot be asked; the pool throws it away
                self._raw.rollback()

    def end(self) -> None:
        """Give the connection back; what was not committed is gone."""
        if self._session is not None:
            with suppress(Exception):
                self._session.close()
        if self._held is not None:
            self._held.close()


def begin(raw: Any, mode: str) -> None:
    """Begin a transaction on the driver's connection, unless one is under way.

    Args:
        mode: IMMEDIATE or DEFERRED; SQLite's writer must be one from its first statement.
    """
    if isinstance(raw, psycopg.Connection):
        if raw.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            raw.execute("BEGIN")
    elif not raw.in_transaction:
        raw.execute(f"BEGIN {mode}")
