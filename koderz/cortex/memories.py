"""What can be done with memories, as functions of an open memory file. Each is one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from koderz.core.errors import CortexError
from koderz.cortex.search import where_matches
from koderz.cortex.tables import Row

CONTENT_BYTES = 1_048_576
MAX_TAGS = 10
SALIENCE = {"low": 0.3, "normal": 0.5, "high": 0.8, "critical": 1.0}
IMPORTANT = 0.6
SHARED = ("pattern", "preference", "learning")
"""Categories that every project sees, unless the scope says otherwise."""


def remember(db: sqlite3.Connection, project: str | None, note: Mapping[str, Any]) -> tuple[Row, bool]:
    """The stored row, and whether this call stored it: a repeat with the same ``metadata.key`` returns the first."""
    with _writing(db):
        earlier = _by_key(db, project, note.get("metadata", {}).get("key"))
        if earlier is not None:
            return earlier, False
        row = _new_row(project, note)
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        identity = db.execute(f"INSERT INTO memories ({columns}) VALUES ({marks})", tuple(row.values())).lastrowid
        return _select(db, "id = ?", [identity])[0], True


def _by_key(db: sqlite3.Connection, project: str | None, key: object) -> Row | None:
    if not isinstance(key, str):
        return None
    found = _select(db, "project IS ? AND json_extract(metadata, '$.key') = ? ORDER BY id LIMIT 1", [project, key])
    return found[0] if found else None


def _new_row(project: str | None, note: Mapping[str, Any]) -> Row:
    category = note.get("category", "note")
    salience = SALIENCE[note.get("importance", "normal")]
    scope = note.get("scope", "global" if category in SHARED else "project")
    return {
        "type": note.get("type", "long_term" if salience >= IMPORTANT else "short_term"),
        "category": category,
        "title": note["title"],
        "content": note["content"].encode()[:CONTENT_BYTES].decode(errors="ignore"),
        "project": project,
        "tags": json.dumps(list(dict.fromkeys(note.get("tags", ())))[:MAX_TAGS], ensure_ascii=False),
        "salience": salience,
        "decayed_score": salience,
        "metadata": json.dumps(note.get("metadata", {}), ensure_ascii=False),
        "scope": scope,
        "transferable": int(note.get("transferable", scope == "global")),
    }


def recall(db: sqlite3.Connection, project: str | None, asked: Mapping[str, Any]) -> list[Row]:
    """The best memories first. What is returned counts as accessed."""
    condition, values = where_matches(project, asked)
    with _writing(db):
        ids = [
            row["id"] for row in db.execute(f"SELECT memories.id {condition} LIMIT ?", [*values, int(asked["limit"])])
        ]
        return [_accessed(db, identity) for identity in ids]


def get(db: sqlite3.Connection, identity: int) -> Row:
    """Raises `CortexError` when there is no such memory."""
    with _writing(db):
        if not _select(db, "id = ?", [identity]):
            raise CortexError(f"Memory with ID {identity} not found. Use recall to find the ID that you want.")
        return _accessed(db, identity)


def _accessed(db: sqlite3.Connection, identity: int) -> Row:
    db.execute(
        "UPDATE memories SET access_count = access_count + 1, last_accessed = datetime('now') WHERE id = ?", [identity]
    )
    return _select(db, "id = ?", [identity])[0]


def export(db: sqlite3.Connection, project: str | None) -> list[Row]:
    """All of a project, oldest first; ``None`` is every project."""
    return _select(db, "(?1 IS NULL OR project = ?1) ORDER BY created_at, id", [project])


def stats(db: sqlite3.Connection, project: str | None) -> dict[str, Any]:
    """Counts by type and category, and the mean salience (``None`` when there is nothing)."""
    chosen = "FROM memories WHERE (?1 IS NULL OR project = ?1)"
    total, mean = db.execute(f"SELECT count(*), avg(salience) {chosen}", [project]).fetchone()
    by = {
        column: dict(
            map(tuple, db.execute(f"SELECT {column}, count(*) {chosen} GROUP BY 1 ORDER BY 2 DESC, 1", [project]))
        )
        for column in ("type", "category")
    }
    return {"total": total, "average_salience": mean, "by_type": by["type"], "by_category": by["category"]}


def _select(db: sqlite3.Connection, condition: str, values: list[Any]) -> list[Row]:
    return [dict(row) for row in db.execute(f"SELECT * FROM memories WHERE {condition}", values)]


@contextmanager
def _writing(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
