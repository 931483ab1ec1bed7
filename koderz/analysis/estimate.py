"""What a run will cost before it starts: an estimate, from recorded experiments of its kind or from assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from koderz.core.types import ExperimentResult, Role, Spend, Usage
from koderz.models.context import estimate as estimated_tokens
from koderz.settings import RunConfig

Cost = Callable[[str, Usage, float | None], Decimal | None]
"""What a call of that model with those tokens and seconds costs, US dollars; ``None`` where that is not known."""

INSTRUCTIONS = 300
LATER_PROMPT = 3_800
ATTEMPT_SHOWN = 600
ANSWER: Mapping[Role, int] = {"spec": 250, "coder": 500, "reviewer": 630}
"""Assumed tokens where nothing is recorded: of the fixed texts in a prompt, of a prompt with an earlier attempt and
guidance in it, of an attempt as the reviewer sees it, and of an answer by role."""


@dataclass(frozen=True, slots=True)
class Call:
    """An average call. `seconds` is ``None`` where nobody has measured it."""

    usage: Usage
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums; ``None`` is unknown. `seconds` are those of all experiments one after the other."""

    calls: float = 0
    tokens: float = 0
    usd: Decimal | None = Decimal(0)
    seconds: float | None = 0.0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.calls + other.calls,
            self.tokens + other.tokens,
            None if self.usd is None or other.usd is None else self.usd + other.usd,
            None if self.seconds is None or other.seconds is None else self.seconds + other.seconds,
        )

    def __mul__(self, times: float) -> Figures:
        return Figures(
            self.calls * times,
            self.tokens * times,
            None if self.usd is None else self.usd * Decimal(str(times)),
            None if self.seconds is None else self.seconds * times,
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """`low`: all is solved at the first attempt; `high`: nothing ever is. `expected` is what such experiments took on
    average, ``None`` where none is `recorded`; `unmeasured` are the roles whose calls are assumed."""

    experiments: int
    low: Figures
    expected: Figures | None
    high: Figures
    recorded: int
    unmeasured: tuple[Role, ...]

    @property
    def basis(self) -> str:
        """What the figures were made from."""
        measured = f"means of {self.recorded:,} recorded experiments with the same data set, strategy and models"
        parts = [measured] if self.recorded else []
        if self.unmeasured:
            lengths = ", ".join(f"{role} {ANSWER.get(role, ANSWER['coder'])}" for role in self.unmeasured)
            why = "" if self.recorded else ", as nothing of this kind is recorded yet"
            parts.append(f"assumed lengths of prompts and answers ({lengths} tokens){why}")
        return "; ".join(parts)


def estimate_arm(
    config: RunConfig,
    roles: Mapping[Role, str],
    prompts: Sequence[str],
    history: Sequence[ExperimentResult],
    cost: Cost,
) -> Estimate:
    """One arm. `prompts` are those of its problems, once for each sample; `history` are results of finished
    experiments on the same data set with the same strategy and models."""
    least, most = calls_at_least(roles), calls_at_most(config, roles)
    measured = measured_calls(history)
    prompt = sum(map(estimated_tokens, prompts)) / max(1, len(prompts))

    def figures(calls: Mapping[Role, float], later: bool) -> Figures:
        parts = [
            _figures(measured.get(role) or assumed(role, config, prompt, later), roles[role], cost) * count
            for role, count in calls.items()
        ]
        testing = Figures(seconds=testing_seconds(history)) * calls.get("coder", 0)
        return sum([*parts, testing], Figures()) * len(prompts)

    return Estimate(
        experiments=len(prompts),
        low=figures(least, later=False),
        expected=figures(mean_calls(history, least, most), later=True) if measured else None,
        high=figures(most, later=True),
        recorded=len(history) if measured else 0,
        unmeasured=tuple(role for role in roles if role not in measured),
    )


def total(arms: Iterable[Estimate]) -> Estimate:
    """Of all arms together; `expected` is ``None`` as soon as one arm's is."""
    each = list(arms)
    known = [arm.expected for arm in each if arm.expected is not None]
    return Estimate(
        experiments=sum(arm.experiments for arm in each),
        low=sum((arm.low for arm in each), Figures()),
        expected=sum(known, Figures()) if len(known) == len(each) else None,
        high=sum((arm.high for arm in each), Figures()),
        recorded=sum(arm.recorded for arm in each),
        unmeasured=tuple(dict.fromkeys(role for arm in each for role in arm.unmeasured)),
    )


def calls_at_least(roles: Mapping[Role, str]) -> dict[Role, float]:
    return {role: 1 for role in roles if role in ("spec", "coder")}


def calls_at_most(config: RunConfig, roles: Mapping[Role, str]) -> dict[Role, float]:
    """Per experiment: one review after every `checkpoint_interval` failed attempts but the last."""
    attempts = 1 if config.strategy == "zero-shot" else config.max_iterations
    reviews = (attempts - 1) // config.checkpoint_interval if config.checkpoints else 0
    counts: dict[Role, float] = {"spec": 1, "reviewer": reviews}
    return {role: counts.get(role, attempts) for role in roles}


def measured_calls(history: Iterable[ExperimentResult]) -> dict[Role, Call]:
    """The mean call of each role; a role with a call whose tokens are unknown is left out."""
    spent: dict[Role, Spend] = {}
    for result in history:
        for role, spend in result.by_role.items():
            spent[role] = spent.get(role, Spend()) + spend
    return {
        role: Call(_mean(spend.usage, spend.calls), spend.seconds / spend.calls)
        for role, spend in spent.items()
        if spend.usage is not None and spend.calls
    }


def mean_calls(
    history: Sequence[ExperimentResult], least: Mapping[Role, float], most: Mapping[Role, float]
) -> dict[Role, float]:
    """Calls of each role per experiment, as far as the new run allows them: earlier ones may have had more attempts."""

    def allowed(role: Role, calls: float) -> float:
        return max(least.get(role, 0), min(most[role], calls))

    return {
        role: sum(allowed(role, result.by_role.get(role, Spend()).calls) for result in history) / max(1, len(history))
        for role in most
    }


def testing_seconds(history: Sequence[ExperimentResult]) -> float | None:
    """Per attempt, beside waiting for models, as far as it did not overlap with that; ``None`` without attempts."""
    attempts = sum(result.attempts for result in history)
    beside = sum(result.seconds - result.total.seconds for result in history)
    return max(0.0, beside) / attempts if attempts else None


def assumed(role: Role, config: RunConfig, prompt: float, later: bool) -> Call:
    """`prompt` tokens of the problem; `later`: with an earlier attempt in the prompt."""
    read = prompt + INSTRUCTIONS
    if role == "coder" and later and config.strategy != "zero-shot":
        read = max(read, LATER_PROMPT)
    if role == "reviewer":
        read += config.checkpoint_interval * ATTEMPT_SHOWN
    return Call(Usage(round(read), ANSWER.get(role, ANSWER["coder"])), None)


def _figures(call: Call, model: str, cost: Cost) -> Figures:
    return Figures(1, call.usage.total, cost(model, call.usage, call.seconds), call.seconds)


def _mean(usage: Usage, calls: int) -> Usage:
    """Input of caches counts as what it is, so that it is priced so."""
    return Usage(
        input_tokens=round(usage.input_tokens / calls),
        output_tokens=round(usage.output_tokens / calls),
        cache_read=round(usage.cache_read / calls),
        cache_write=round(usage.cache_write / calls),
    )
