"""How long things took that may have overlapped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from koderz.core.types import Step


def busy(spans: Iterable[tuple[float, float]]) -> float:
    """Seconds during which at least one of the spans, (start, end) in any order, was under way."""
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def wall_time(steps: Sequence[Step]) -> float:
    """Seconds during which at least one step was under way: steps of a batch overlap, and between sessions is none."""
    starts = [(step.started_at.timestamp(), step.duration_s) for step in steps]
    return busy((start, start + length) for start, length in starts)
