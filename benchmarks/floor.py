"""The floor: the rows and indexes of the common workload W(N), written by the bare drivers and nothing else.

The same work as the house's, without what the house adds: no law, no readings, no chained journal, no permissions.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

STEPS = ("planned", "notified", "open", "scored", "computed", "released", "familiarised", "closed")
NOTICED = ("notified", "released", "familiarised")
WHEN, WHO, WHY = "2026-10-20T09:00:00.000000Z", "system/floor", "nchr-2024, pt 4 para 1 (N-10)"

TABLES = """
CREATE TABLE assessment (id INTEGER PRIMARY KEY, cycle_id INTEGER NOT NULL, person_id INTEGER NOT NULL,
 state TEXT NOT NULL, version INTEGER NOT NULL, mean TEXT, grade TEXT, UNIQUE (cycle_id, person_id));
CREATE INDEX assessment_open ON assessment (cycle_id, state) WHERE state <> 'closed';
CREATE TABLE history (entry_id INTEGER NOT NULL, assessment_id INTEGER NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL,
 who TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, reason TEXT NOT NULL,
 PRIMARY KEY (entry_id, assessment_id)){rowid};
CREATE UNIQUE INDEX history_step ON history (assessment_id, version);
CREATE TABLE mark (assessment_id INTEGER NOT NULL, number INTEGER NOT NULL, value INTEGER NOT NULL,
 PRIMARY KEY (assessment_id, number)){rowid};
CREATE TABLE notice (id {serial}, cycle_id INTEGER NOT NULL, assessment_id INTEGER NOT NULL, recipient_id INTEGER NOT NULL,
 kind TEXT NOT NULL, channel TEXT NOT NULL, round INTEGER NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL,
 facts TEXT NOT NULL, UNIQUE (cycle_id, assessment_id, kind, recipient_id, channel, round));
CREATE INDEX notice_waiting ON notice (state, id) WHERE state IN ('waiting', 'claimed');
"""
_GRADE = (
    "CASE WHEN s.total >= 2000 THEN 'effective' WHEN s.total >= 1500 THEN 'proper'"
    " WHEN s.total >= 1000 THEN 'satisfactory' ELSE 'unsatisfactory' END"
)
_NOTICE = (
    "INSERT INTO notice (cycle_id, assessment_id, recipient_id, kind, channel, round, state, created_at, facts)"
    " SELECT 1, id, person_id, {q}, 'email', 0, 'waiting', {q}, '{{}}' FROM assessment WHERE state = {q}"
)


def marks(people: int) -> Iterator[tuple[int, int, int]]:
    """Five exact marks a person, in hundredths: (assessment, number, value). The same marks for floor and house.

    Four rows spread over nine marks (6,561 different sheets); nobody has a sanction, so the fifth is the highest.
    """
    for person in range(1, people + 1):
        for number in range(1, 6):
            mixed = (person * 2_654_435_761 + number * 40_503_217) % 4_294_967_291
            yield person, number, 100 + 50 * (mixed // 7 % 9) if number < 5 else 500


def sqlite_batch(file: Path, people: int) -> float:
    """Seconds of W(N), one commit a stage, bare sqlite3."""
    db = _sqlite(file)
    start = time.perf_counter()
    for entry, (before, after) in enumerate(zip(("", *STEPS), STEPS, strict=False)):
        db.execute("BEGIN IMMEDIATE")
        if after == "planned":
            db.executemany(
                "INSERT INTO assessment VALUES (?, 1, ?, 'planned', 1, NULL, NULL)",
                ((n, n) for n in range(1, people + 1)),
            )
            db.execute("COMMIT")
            continue
        db.execute(
            "INSERT INTO history SELECT ?, id, version + 1, ?, ?, ?, ?, ? FROM assessment WHERE cycle_id = 1 AND"
            " state = ?",
            (entry, WHEN, WHO, before, after, WHY, before),
        )
        if after == "scored":
            db.executemany("INSERT INTO mark VALUES (?, ?, ?)", marks(people))
        if after == "computed":
            db.execute(
                f"UPDATE assessment SET state = 'computed', version = version + 1, mean = CAST(s.total AS TEXT),"
                f" grade = {_GRADE} FROM (SELECT assessment_id, SUM(value) AS total FROM mark GROUP BY 1) s"
                " WHERE s.assessment_id = assessment.id AND cycle_id = 1 AND state = 'scored'"
            )
        else:
            db.execute(
                "UPDATE assessment SET state = ?, version = version + 1 WHERE cycle_id = 1 AND state = ?",
                (after, before),
            )
        if after in NOTICED:
            db.execute(_NOTICE.format(q="?"), (after, WHEN, after))
        db.execute("COMMIT")
    return _done(start, people, db.execute)


def sqlite_event(file: Path, people: int) -> float:
    """Seconds of W(N), one commit for each event of each person, bare sqlite3."""
    db = _sqlite(file)
    given = marks(people)
    start = time.perf_counter()
    for person in range(1, people + 1):
        for entry, (before, after) in enumerate(zip(("", *STEPS), STEPS, strict=False)):
            db.execute("BEGIN IMMEDIATE")
            if after == "planned":
                db.execute("INSERT INTO assessment VALUES (?, 1, ?, 'planned', 1, NULL, NULL)", (person, person))
                db.execute("COMMIT")
                continue
            db.execute(
                "UPDATE assessment SET state = ?, version = version + 1 WHERE id = ? AND state = ?",
                (after, person, before),
            )
            db.execute(
                "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (person * 10 + entry, person, entry + 1, WHEN, WHO, before, after, WHY),
            )
            if after == "scored":
                db.executemany("INSERT INTO mark VALUES (?, ?, ?)", [next(given) for _ in range(5)])
            if after == "computed":
                db.execute(
                    f"UPDATE assessment SET mean = CAST(s.total AS TEXT), grade = {_GRADE} FROM"
                    " (SELECT SUM(value) AS total FROM mark WHERE assessment_id = ?) s WHERE id = ?",
                    (person, person),
                )
            if after in NOTICED:
                db.execute(
                    "INSERT INTO notice (cycle_id, assessment_id, recipient_id, kind, channel, round, state,"
                    " created_at, facts) VALUES (1, ?, ?, ?, 'email', 0, 'waiting', ?, '{}')",
                    (person, person, after, WHEN),
                )
            db.execute("COMMIT")
    return _done(start, people, db.execute)


def _sqlite(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-32000"):
        db.execute(f"PRAGMA {pragma}")
    db.executescript(TABLES.format(rowid=" WITHOUT ROWID", serial="INTEGER PRIMARY KEY"))
    return db


def postgres_batch(url: str, people: int) -> float:
    """Seconds of W(N), one commit a stage, psycopg 3 with COPY and CTE."""
    with psycopg.connect(url) as db:
        db.execute(TABLES.format(rowid="", serial="BIGSERIAL PRIMARY KEY"))
        db.commit()
        start = time.perf_counter()
        for entry, (before, after) in enumerate(zip(("", *STEPS), STEPS, strict=False)):
            if after == "planned":
                with (
                    db.cursor() as cursor,
                    cursor.copy("COPY assessment (id, cycle_id, person_id, state, version) FROM STDIN") as copy,
                ):
                    for n in range(1, people + 1):
                        copy.write_row((n, 1, n, "planned", 1))
                db.commit()
                continue
            if after == "scored":
                with db.cursor() as cursor, cursor.copy("COPY mark FROM STDIN") as copy:
                    for row in marks(people):
                        copy.write_row(row)
            extra = (
                f", mean = CAST(s.total AS TEXT), grade = {_GRADE} FROM (SELECT assessment_id, SUM(value) AS total"
                " FROM mark GROUP BY 1) s"
                if after == "computed"
                else ""
            )
            joined = " AND s.assessment_id = assessment.id" if after == "computed" else ""
            db.execute(
                f"WITH moved AS (UPDATE assessment SET state = %s, version = version + 1{extra} WHERE cycle_id = 1"
                f" AND state = %s{joined} RETURNING id, version) INSERT INTO history SELECT %s, id, version, %s, %s,"
                " %s, %s, %s FROM moved",
                (after, before, entry, WHEN, WHO, before, after, WHY),
            )
            if after in NOTICED:
                db.execute(_NOTICE.format(q="%s").replace("{{}}", "{}"), (after, WHEN, after))
            db.commit()
        return _done(start, people, db.execute)


def postgres_event(url: str, people: int) -> float:
    """Seconds of W(N), one commit for each event of each person, psycopg 3."""
    with psycopg.connect(url) as db:
        db.execute(TABLES.format(rowid="", serial="BIGSERIAL PRIMARY KEY"))
        db.commit()
        given = marks(people)
        start = time.perf_counter()
        for person in range(1, people + 1):
            for entry, (before, after) in enumerate(zip(("", *STEPS), STEPS, strict=False)):
                _postgres_step(db, person, entry, before, after, given)
                db.commit()
        return _done(start, people, db.execute)


def _postgres_step(
    db: psycopg.Connection, person: int, entry: int, before: str, after: str, given: Iterator[tuple[int, int, int]]
) -> None:
    if after == "planned":
        db.execute("INSERT INTO assessment VALUES (%s, 1, %s, 'planned', 1, NULL, NULL)", (person, person))
        return
    db.execute(
        "UPDATE assessment SET state = %s, version = version + 1 WHERE id = %s AND state = %s", (after, person, before)
    )
    db.execute(
        "INSERT INTO history VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (person * 10 + entry, person, entry + 1, WHEN, WHO, before, after, WHY),
    )
    if after == "scored":
        rows = [next(given) for _ in range(5)]
        db.execute("INSERT INTO mark VALUES " + ", ".join(["(%s, %s, %s)"] * 5), [v for row in rows for v in row])
    if after == "computed":
        db.execute(
            f"UPDATE assessment SET mean = CAST(s.total AS TEXT), grade = {_GRADE} FROM"
            " (SELECT SUM(value) AS total FROM mark WHERE assessment_id = %s) s WHERE id = %s",
            (person, person),
        )
    if after in NOTICED:
        db.execute(
            "INSERT INTO notice (cycle_id, assessment_id, recipient_id, kind, channel, round, state, created_at,"
            " facts) VALUES (1, %s, %s, %s, 'email', 0, 'waiting', %s, '{}')",
            (person, person, after, WHEN),
        )


def _done(start: float, people: int, execute: object) -> float:
    seconds = time.perf_counter() - start
    expected = {
        "SELECT COUNT(*) FROM assessment WHERE state = 'closed' AND version = 8": people,
        "SELECT COUNT(*) FROM history": 7 * people,
        "SELECT COUNT(*) FROM mark": 5 * people,
        "SELECT COUNT(*) FROM notice": 3 * people,
    }
    for query, count in expected.items():
        found = execute(query).fetchone()[0]  # type: ignore[operator]
        if found != count:
            raise SystemExit(f"The floor did not do its work: {query} gives {found}, not {count}.")
    return seconds
