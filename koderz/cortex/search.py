"""From what a caller asks of `recall` to the memories that fit, the best first. Any text is a legal query."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import ucd_3_2_0

from koderz.cortex.fading import IMPORTANT, IN_MIND
from koderz.cortex.memory import Memory

Clause = tuple[str, list[Any]]

RANKED = 2000
"""Where more memories than this have all the words, the newest of them compete. Ranking 50,000 takes a tenth of a
second, and words that they all have tell nothing about which is better."""
MAX_WORDS = 64
MAX_WORD = 200

_RANKED = """SELECT id FROM (
    SELECT rowid AS id, bm25(memories_fts) AS score FROM memories_fts
    WHERE memories_fts MATCH ? ORDER BY rowid DESC LIMIT ?
) ORDER BY score, id DESC"""
_FITTING = """SELECT id FROM (SELECT key AS place, value AS chosen FROM json_each(?)) CROSS JOIN memories ON id = chosen
    WHERE {} ORDER BY place LIMIT ?"""
_AT_A_TIME = 100


def find(memory: Memory, project: str | None, asked: Mapping[str, Any]) -> list[int]:
    """The ids of the best memories. Project ``None`` is every project."""
    mine, limit = _in_project(project, asked["includeGlobal"]), asked["limit"]
    match asked["mode"]:
        case "recent":
            return _listed(memory, [mine], "id DESC", limit)
        case "important":
            return _listed(memory, [mine, (f"salience >= {IMPORTANT}", [])], "salience DESC, id DESC", limit)
    clauses = [mine, *_filters(asked)]
    query = asked.get("query", "").replace("\0", " ")
    if not words(query):  # marks and emoji are none to the index
        parts = list(dict.fromkeys(query.split()))[:MAX_WORDS]
        clauses += [("instr(title || char(10) || content, ?) > 0", [part]) for part in parts]
    expression = _expression(query, asked.get("tags", ()))
    if expression:
        return _matching(memory, clauses, expression, limit)
    return _listed(memory, clauses, "salience DESC, id DESC", limit)


def _matching(memory: Memory, clauses: Sequence[Clause], expression: str, limit: int) -> list[int]:
    ranked = _ids(memory, _RANKED, [expression, RANKED])
    found = _fitting(memory, clauses, ranked, limit)
    if len(found) < limit and len(ranked) == RANKED:
        return _fitting(memory, clauses, _ids(memory, _RANKED, [expression, -1]), limit)
    return found


def _fitting(memory: Memory, clauses: Sequence[Clause], ranked: Sequence[int], limit: int) -> list[int]:
    """The first of them that meet the conditions. Most rows are never looked at."""
    condition, values = _all(clauses)
    found: list[int] = []
    for start in range(0, len(ranked), _AT_A_TIME):
        chosen = json.dumps(ranked[start : start + _AT_A_TIME])
        found += _ids(memory, _FITTING.format(condition), [chosen, *values, limit - len(found)])
        if len(found) == limit:
            break
    return found


def _listed(memory: Memory, clauses: Sequence[Clause], order: str, limit: int) -> list[int]:
    condition, values = _all(clauses)
    return _ids(memory, f"SELECT id FROM memories WHERE {condition} ORDER BY {order} LIMIT ?", [*values, limit])


def _ids(memory: Memory, query: str, values: list[Any]) -> list[int]:
    return [row["id"] for row in memory.db.execute(query, values)]


def _all(clauses: Sequence[Clause]) -> Clause:
    return " AND ".join(condition for condition, _ in clauses), [value for _, values in clauses for value in values]


def words(query: str) -> list[str]:
    """The parts of a query that have a letter or a digit, as far as the index knows them. The first 64."""
    found = [word for word in dict.fromkeys(query.split()) if any(map(_is_letter, word))]
    return [_shortened(word) for word in found[:MAX_WORDS]]


def _is_letter(mark: str) -> bool:
    """The index knows an old Unicode, the oldest that Python has is a part of that."""
    return ucd_3_2_0.category(mark)[0] in "LN"


def _shortened(word: str) -> str:
    """Enough of a very long one, up to an end of a word."""
    if len(word) <= MAX_WORD:
        return word
    end = next((place for place in range(MAX_WORD, 0, -1) if not word[place].isalnum()), len(word))
    return word[:end] if any(map(_is_letter, word[:end])) else word


def _expression(query: str, tags: Sequence[str]) -> str:
    """All words, as phrases, so that no mark is an operator; and any of the tags."""
    parts = [" ".join(map(_quoted, words(query)))] if words(query) else []
    as_stored = [json.dumps(tag, ensure_ascii=False)[1:-1] for tag in tags]
    if as_stored and all(any(map(_is_letter, tag)) for tag in as_stored):
        parts.append(f"tags : ({' OR '.join(map(_quoted, as_stored))})")
    return " AND ".join(f"({part})" for part in parts)


def _quoted(word: str) -> str:
    return '"' + word.replace("\0", " ").replace('"', '""') + '"'


def _in_project(project: str | None, include_global: bool) -> Clause:
    if project is None:
        return "1", []
    return ("(project = ? OR scope = 'global')" if include_global else "project = ?"), [project]


def _filters(asked: Mapping[str, Any]) -> list[Clause]:
    clauses: list[Clause] = [(f"{name} = ?", [asked[name]]) for name in ("category", "type") if name in asked]
    if tags := asked.get("tags"):
        has_any = "EXISTS (SELECT 1 FROM json_each(memories.tags) WHERE value IN (SELECT value FROM json_each(?)))"
        clauses.append((has_any, [json.dumps(tags, ensure_ascii=False)]))
    return clauses if asked["includeDecayed"] else [*clauses, (IN_MIND, [])]
