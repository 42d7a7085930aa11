"""Content proved without being told: salted digests of what an act wrote beside the journal.

A digest is sha256(salt, kind, rows). The salt of an evaluation lies in `Assessment.salt` and goes with its documents
(N-22): without it nobody can guess a mark from the digest that stays in the journal.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Field, SQLModel


class JournalContent(SQLModel, table=True):
    """What an entry wrote that belongs to no step of an assessment: the cycle, a term, an annual mark.

    Attributes:
        kind: the table; key: the row, or the assessment whose rows they are.
        digest: as `Kind.digest` makes it. The entry's body holds a digest of all of them.
    """

    __tablename__ = "journal_content"
    __table_args__ = ({"sqlite_with_rowid": False},)

    entry_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str


def new_salt() -> str:
    """Sixteen random bytes, as 32 letters."""
    return secrets.token_hex(16)


def sha256_hex(text: str | None) -> str | None:
    """SHA-256 of a text in UTF-8. SQLite learns it under this name in `models.work`; PostgreSQL has its own."""
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Kind:
    """Rows of one table that are proved together.

    The text that is hashed says how many rows there are and writes one per line: the plain values between bars, each
    free text behind its own length. So no other rows have the same text.

    Attributes:
        plain: columns that cannot hold a bar or a line's end (numbers, instants, our own words); free: the others.
        order: of the rows. keyed: it is that of the table's own key, which SQLite walks anyhow.
        source: FROM and WHERE, with {of} for the assessment's row; "" when it is that row itself.
        key: how many of the first columns name a row that belongs to no assessment; salted: it has a salt of its own.
    """

    name: str
    plain: tuple[str, ...]
    free: tuple[str, ...] = ()
    source: str = ""
    order: str = ""
    keyed: bool = False
    key: int = 1
    salted: bool = False

    def text(self, rows: Iterable[Sequence[Any]]) -> str:
        """The rows as they are hashed; values in the order of `plain`, then `free`."""
        cut, lines = len(self.plain), []
        for row in rows:
            held = "|".join("" if value is None else str(value) for value in row[:cut])
            lines.append(held + "".join("|-" if one is None else f"|{len(one)}:{one}" for one in row[cut:]))
        return f"{len(lines)}#" + "\n".join(lines)

    def digest(self, salt: str, rows: Iterable[Sequence[Any]]) -> str:
        """The digest of rows in their order."""
        return hashlib.sha256(f"{salt}|{self.name}|{self.text(rows)}".encode()).hexdigest()

    def named(self, salt: str, row: Sequence[Any]) -> tuple[str, str]:
        """(key, digest) of a row that belongs to no assessment."""
        return self.key_of(row), self.digest(salt, [row])

    def key_of(self, row: Sequence[Any]) -> str:
        """The name of such a row in the journal."""
        return "/".join(map(str, row[: self.key]))

    def text_sql(self, of: str, postgres: bool) -> str:
        """`text` in SQL, for the assessment's row that is called `of`."""
        line = " || '|' || ".join(
            [f"COALESCE(CAST({column} AS TEXT), '')" for column in self.plain]
            + [f"COALESCE(LENGTH({column}) || ':' || {column}, '-')" for column in self.free]
        ).replace("{of}", of)
        if not self.source:
            return f"'1#' || {line}"
        source = self.source.replace("{of}", of)
        if postgres:
            lines = f"string_agg({line}, chr(10) ORDER BY {self.order})"
            return f"(SELECT COUNT(*) || '#' || COALESCE({lines}, '') FROM {source})"
        if self.keyed:
            return f"(SELECT COUNT(*) || '#' || COALESCE(group_concat({line}, char(10)), '') FROM {source})"
        return (
            "(SELECT COUNT(*) || '#' || COALESCE(group_concat(line, char(10)), '')"
            f" FROM (SELECT {line} AS line FROM {source} ORDER BY {self.order}))"
        )

    def digest_sql(self, of: str, postgres: bool) -> str:
        """`digest` in SQL, under the salt of the assessment's row that is called `of`; NULL when the salt is gone."""
        whole = f"{of}.salt || '|{self.name}|' || {self.text_sql(of, postgres)}"
        return f"encode(sha256(convert_to({whole}, 'UTF8')), 'hex')" if postgres else f"sha256_hex({whole})"
