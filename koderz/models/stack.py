"""What a client wears, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio

from koderz.models.budgeted import Budgeted, Ledger
from koderz.models.cached import Cached
from koderz.models.concurrency import Concurrent
from koderz.models.pooled import Pooled
from koderz.models.public_calls import PublicCalls
from koderz.models.rates import Paced
from koderz.models.redacting import Redacting
from koderz.models.retrying import Retrying, Sleep


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """How a model is asked; all but `max_retries` holds for each endpoint. ``None`` is no limit."""

    max_retries: int = 3
    concurrency: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    sleep: Sleep = anyio.sleep


@dataclass(frozen=True, slots=True)
class Answers:
    """Where answers are kept, and what decides about them that no request tells: see `Cached`."""

    folder: Path
    scope: str


def dressed(
    clients: Sequence[PublicCalls],
    policy: CallPolicy | None = None,
    *,
    secrets: Sequence[str] = (),
    answers: Answers | None = None,
    ledger: Ledger | None = None,
) -> PublicCalls:
    """One client out of those of one or more endpoints of the same models.

    From the inside: pace and slots for each endpoint, the choice among them, secrets out, retries (so that a wait
    holds no slot), kept answers, and outermost the budget, which a kept answer is charged to as well.
    """
    policy = policy or CallPolicy()
    endpoints = [_endpoint(client, policy) for client in clients]
    model = endpoints[0] if len(endpoints) == 1 else Pooled(endpoints)
    model = Retrying(Redacting(model, secrets), policy.max_retries, policy.sleep)
    if answers is not None:
        model = Cached(model, answers.folder, answers.scope)
    return model if ledger is None else Budgeted(model, ledger)


def _endpoint(client: PublicCalls, policy: CallPolicy) -> PublicCalls:
    if policy.requests_per_minute or policy.tokens_per_minute:
        client = Paced(client, policy.requests_per_minute, policy.tokens_per_minute, sleep=policy.sleep)
    return Concurrent(client, policy.concurrency)
