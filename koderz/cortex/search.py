"""From what a caller asks of `recall` to SQL. Any text is a legal query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Clause = tuple[str, list[Any]]


def where_matches(project: str | None, asked: Mapping[str, Any]) -> Clause:
    """``FROM … WHERE … ORDER BY …`` and its values. Project ``None`` is every project."""
    if asked["mode"] == "recent":
        return _assembled([_in_project(project, asked)], "created_at DESC, id DESC")
    if asked["mode"] == "important":
        return _assembled([_in_project(project, asked), ("salience >= 0.6", [])], "salience DESC, id DESC")
    clauses = [_in_project(project, asked), *_filters(asked)]
    query = asked.get("query", "").replace("\0", " ").strip()
    words = [word for word in query.split() if any(mark.isalnum() for mark in word)]
    if words:
        matches = ("memories_fts MATCH ?", [" ".join(f'"{_doubled(word)}"' for word in words)])
        return _assembled([matches, *clauses], "bm25(memories_fts), salience DESC, id DESC", searched=True)
    if query:  # marks and emoji are no words to the index
        clauses.append(("instr(title || char(10) || content, ?) > 0", [query]))
    return _assembled(clauses, "salience DESC, id DESC")


def _doubled(word: str) -> str:
    return word.replace('"', '""')


def _in_project(project: str | None, asked: Mapping[str, Any]) -> Clause:
    if project is None:
        return "1", []
    return ("(project = ? OR scope = 'global')" if asked["includeGlobal"] else "project = ?"), [project]


def _filters(asked: Mapping[str, Any]) -> list[Clause]:
    clauses: list[Clause] = [(f"{name} = ?", [asked[name]]) for name in ("category", "type") if name in asked]
    if tags := asked.get("tags"):
        marks = ", ".join("?" * len(tags))
        clauses.append((f"EXISTS (SELECT 1 FROM json_each(memories.tags) WHERE value IN ({marks}))", list(tags)))
    return clauses


def _assembled(clauses: list[Clause], order: str, *, searched: bool = False) -> Clause:
    source = "memories_fts JOIN memories ON memories.id = memories_fts.rowid" if searched else "memories"
    conditions = " AND ".join(condition for condition, _ in clauses)
    return f"FROM {source} WHERE {conditions} ORDER BY {order}", [value for _, values in clauses for value in values]
