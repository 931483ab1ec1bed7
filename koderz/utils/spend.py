"""What the model calls of an experiment used, added up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from koderz.core.types import Ask, Attempt, Completion, Phase, Reply, Role, Spend, Step, Tier, Trial

K = TypeVar("K", Tier, Role, Phase)


def spend(completion: Completion) -> Spend:
    """One call; `seconds` is its latency."""
    return Spend(1, completion.usage, completion.cost_usd, completion.latency_s)


def known_cost(steps: Iterable[Step]) -> Decimal:
    """US dollars of the calls whose cost is known; those of the others are left out."""
    calls = [step.outcome.completion for step in steps if isinstance(step.outcome, Reply | Trial)]
    return sum((call.cost_usd for call in calls if call.cost_usd is not None), Decimal(0))


def breakdown(steps: Iterable[Step]) -> tuple[dict[Tier, Spend], dict[Role, Spend], dict[Phase, Spend]]:
    """Spend of every step that called a model: by tier, by role, by phase."""
    by_tier: dict[Tier, Spend] = {}
    by_role: dict[Role, Spend] = {}
    by_phase: dict[Phase, Spend] = {}
    for step in steps:
        if isinstance(step.action, Ask | Attempt) and isinstance(step.outcome, Reply | Trial):
            used = spend(step.outcome.completion)
            _add(by_tier, step.outcome.completion.tier, used)
            _add(by_role, step.action.role, used)
            _add(by_phase, step.action.phase, used)
    return by_tier, by_role, by_phase


def _add(totals: dict[K, Spend], name: K, used: Spend) -> None:
    totals[name] = totals.get(name, Spend()) + used
