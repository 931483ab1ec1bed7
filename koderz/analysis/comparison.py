"""Two arms compared problem by problem, and what may be said of it in one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean
from typing import Literal

from koderz.analysis import paired
from koderz.analysis.arms import ProblemKey, by_problem, problem_costs
from koderz.analysis.intervals import Estimate, Interval
from koderz.analysis.outcomes import judged
from koderz.core.types import ExperimentResult

SMALL = 30
"""Fewer problems than these are said to be few."""

Results = Sequence[ExperimentResult]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The problems on which both arms have a verdict, with each side's samples in the same order; and how many were
    left out: those of one side only, and those where a side has nothing but infrastructure faults."""

    problems: tuple[ProblemKey, ...]
    a: tuple[Results, ...]
    b: tuple[Results, ...]
    only_in_a: int
    only_in_b: int
    infra: int

    @property
    def single(self) -> bool:
        return all(len(each) == 1 for each in (*self.a, *self.b))


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` is b minus a in the share solved, `cost` in US dollars a sample; ``None`` where it can't be told.
    `p` is exact; `p_adjusted` is Holm's over the comparisons made together. `detectable` is the smallest difference
    that so many problems would show."""

    pairs: Pairs
    counts: paired.Counts
    difference: Estimate | None
    p: float
    p_adjusted: float
    cost: Estimate | None
    detectable: float | None

    @property
    def winner(self) -> Literal["a", "b"] | None:
        """Only where the interval leaves out zero and the adjusted p-value agrees."""
        if _spans_zero(self.difference) or self.p_adjusted >= paired.ALPHA:
            return None
        return "b" if self.difference and self.difference.value > 0 else "a"


@dataclass(frozen=True, slots=True)
class Change:
    """A problem that one side solved, or solved more often, and the other did not."""

    problem: ProblemKey
    better: Literal["a", "b"]
    a: Results
    b: Results


def pair(a: Results, b: Results) -> Pairs:
    """Of several samples those without a verdict are left out, and the problem stays while one is left. In the order of
    the problems' names, numbers in them by size, whatever order they were run in."""
    ours, theirs = by_problem(a), by_problem(b)
    shared = sorted(ours.keys() & theirs.keys(), key=_by_number)
    told = {problem: (judged(ours[problem]), judged(theirs[problem])) for problem in shared}
    kept = tuple(problem for problem in shared if all(told[problem]))
    return Pairs(
        problems=kept,
        a=tuple(told[problem][0] for problem in kept),
        b=tuple(told[problem][1] for problem in kept),
        only_in_a=len(ours) - len(shared),
        only_in_b=len(theirs) - len(shared),
        infra=len(shared) - len(kept),
    )


def compare(a: Results, b: Results) -> Comparison:
    pairs = pair(a, b)
    mine, its = _shares(pairs.a), _shares(pairs.b)
    p = paired.p_value(mine, its, single=pairs.single)
    changes = [after - before for before, after in zip(mine, its, strict=True)]
    return Comparison(
        pairs=pairs,
        counts=paired.counts(mine, its),
        difference=_difference(mine, its, single=pairs.single),
        p=p,
        p_adjusted=p,
        cost=_cost(pairs),
        detectable=paired.detectable(changes, single=pairs.single),
    )


def compare_all(reference: Results, others: Sequence[Results]) -> list[Comparison]:
    """Each of the others with the reference, p-values adjusted over all of them."""
    found = [compare(reference, other) for other in others]
    adjusted = paired.holm([each.p for each in found])
    return [replace(each, p_adjusted=p) for each, p in zip(found, adjusted, strict=True)]


def changed(pairs: Pairs) -> list[Change]:
    rows = zip(pairs.problems, pairs.a, pairs.b, _shares(pairs.a), _shares(pairs.b), strict=True)
    return [Change(problem, "a" if x > y else "b", a, b) for problem, a, b, x, y in rows if x != y]


def verdict(found: Comparison, a: str, b: str) -> str:
    """One plain sentence; `a` and `b` are the names of the arms."""
    n, small = found.counts.n, f"{found.counts.n} problems are few"
    if n == 0:
        return "Nothing to compare: no problem has a verdict on both sides."
    few = f" ({small})" if n < SMALL else ""
    if found.winner:
        better, worse = (a, b) if found.winner == "a" else (b, a)
        return f"{better} solves more than {worse}{few}."
    if found.difference is None or found.difference.interval is None:
        return f"No winner: too few problems to tell an interval{few}."
    if _spans_zero(found.difference):
        return f"No winner: the interval spans zero{few}."
    return f"No winner: the interval leaves out zero, but p = {found.p_adjusted:.2g} is no proof{few}."


def cost_verdict(found: Comparison, a: str, b: str) -> str:
    """Likewise for the cost of a sample; empty where it can't be told."""
    if found.cost is None or found.cost.interval is None:
        return ""
    if _spans_zero(found.cost):
        return "No difference in cost: the interval spans zero."
    more, less = (b, a) if found.cost.value > 0 else (a, b)
    return f"{more} costs more than {less}."


def _difference(a: Sequence[float], b: Sequence[float], *, single: bool) -> Estimate | None:
    """Newcombe's interval where the bootstrap has nothing to vary, as when both sides solve the same problems."""
    if not a:
        return None
    interval = paired.difference(a, b)
    if interval is None and single:
        interval = paired.newcombe(paired.counts(a, b))
    return Estimate(fmean(b) - fmean(a), interval, len(a))


def _cost(pairs: Pairs) -> Estimate | None:
    """``None`` as soon as one cost is unknown."""
    a, b = _known(pairs, pairs.a), _known(pairs, pairs.b)
    if not a or not b:
        return None
    interval: Interval | None = paired.difference(a, b)
    return Estimate(fmean(b) - fmean(a), interval, len(a))


def _known(pairs: Pairs, side: Sequence[Results]) -> list[float] | None:
    amounts: list[Decimal | None] = problem_costs(dict(zip(pairs.problems, side, strict=True)))
    known = [float(amount) for amount in amounts if amount is not None]
    return known if len(known) == len(amounts) else None


def _by_number(problem: ProblemKey) -> list[tuple[int, str]]:
    pieces = re.findall(r"\d+|\D+", "/".join(problem))
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def _shares(side: Sequence[Results]) -> list[float]:
    return [fmean(result.solved for result in each) for each in side]


def _spans_zero(found: Estimate | None) -> bool:
    return found is None or found.interval is None or found.interval[0] <= 0 <= found.interval[1]
