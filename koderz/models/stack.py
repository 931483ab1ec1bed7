"""What a client wears, and in which order.

From the inside: the bill of its endpoint, pace and slots for each endpoint, the choice among endpoints, secrets out,
retries (so that a wait holds no slot), kept answers, and outermost the budget, which a kept answer is charged to as
well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio

from koderz.models.budgeted import Budgeted, Ledger
from koderz.models.cached import Cached
from koderz.models.catalog import Limits
from koderz.models.concurrency import Concurrent
from koderz.models.pooled import Pooled
from koderz.models.public_calls import PublicCalls
from koderz.models.rates import Paced
from koderz.models.redacting import Redacting
from koderz.models.retrying import Retrying, Sleep

CONCURRENCY = 64
"""Requests at once where no limit is named; fewer after trouble."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Where answers are kept, and what decides about those of a model that no request tells: see `Cached`."""

    folder: Path
    scope: Callable[[str], str]


def limited(client: PublicCalls, limits: Limits, sleep: Sleep = anyio.sleep) -> PublicCalls:
    """The client of one endpoint, asked as hard as it may be, whoever asks: there must be one for each endpoint."""
    if limits.rpm or limits.tpm:
        client = Paced(client, limits.rpm, limits.tpm, sleep=sleep)
    return Concurrent(client, limits.concurrency or CONCURRENCY)


def dressed(
    endpoints: Sequence[PublicCalls],
    *,
    max_retries: int = 3,
    secrets: Sequence[str] = (),
    answers: Answers | None = None,
    ledger: Ledger | None = None,
    sleep: Sleep = anyio.sleep,
) -> PublicCalls:
    """One client out of those (`limited`) of one or more endpoints of the same models."""
    model = endpoints[0] if len(endpoints) == 1 else Pooled(endpoints)
    model = Retrying(Redacting(model, secrets), max_retries, sleep)
    if answers is not None:
        model = Cached(model, answers.folder, answers.scope)
    return model if ledger is None else Budgeted(model, ledger)
