"""How short-term memories fade: computed when they are read, never written into their salience.

A short-term memory loses 0.01 of its salience for each day since it was last read; below 0.2 it is faded, and
a search leaves it out unless it is asked for. Nothing else fades, and nothing is deleted.
"""

from __future__ import annotations

SCORE = """coalesce(CASE WHEN type <> 'short_term' THEN salience
    ELSE max(0, salience - 0.01 * max(0, julianday('now') - julianday(last_accessed))) END, salience)"""
"""SQL: what is left of the salience of a row of `memories`."""

IN_MIND = f"(type <> 'short_term' OR {SCORE} >= 0.2)"
"""SQL: not faded."""

IMPORTANT = 0.6
"""Salience from which a memory is important, and kept for long unless a type is given."""

READ_OFTEN = 3
"""Times that a short-term memory is read before `consolidate` makes it a long-term one."""
