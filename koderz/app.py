"""The composition root: settings become live objects here and nowhere else."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from koderz import benchmarks
from koderz.core.errors import ModelError
from koderz.core.ports import Benchmark, Recorder
from koderz.core.types import Event
from koderz.orchestrator import Orchestrator
from koderz.settings import RunConfig, Settings, preset

if TYPE_CHECKING:
    from koderz.models.factory import ModelFactory
    from koderz.sandbox.pool import ProcessSandbox
    from koderz.store.queries import SqlStore

OnFetch = Callable[[str, int, int], None]
"""Told of a download: what, bytes so far, bytes in all."""


@dataclass(frozen=True)
class Fanout:
    """Several recorders as one; the store comes first, so that nothing is shown that is not kept."""

    recorders: Sequence[Recorder]

    def on(self, event: Event) -> None:
        for recorder in self.recorders:
            recorder.on(event)


class App:
    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    @cached_property
    def store(self) -> SqlStore:
        from koderz.store.queries import SqlStore

        return SqlStore(self.settings.store_url, redact=self.settings.secrets())

    def benchmark(self, name: str) -> Benchmark:
        return benchmarks.load(name)

    def sandbox(self, workers: int = 1) -> ProcessSandbox:
        from koderz.sandbox.pool import ProcessSandbox

        return ProcessSandbox(workers=workers)

    def factory(self, config: RunConfig, on_fetch: OnFetch = lambda *_: None) -> ModelFactory:

        settings = self.settings

        def embedded() -> Any:
            from koderz.models.embedded import EmbeddedClient

            return EmbeddedClient(settings.weights_dir, num_ctx=config.num_ctx, on_fetch=on_fetch)

        raise NotImplementedError(embedded)

    async def line_up(self, config: RunConfig, factory: ModelFactory, *, named: bool) -> tuple[RunConfig, str]:
        """The models to use, and what to tell about them. When none was named and none of the defaults can be reached,
        the embedded ones. Raises `ModelError` when one that is needed can't be reached."""
        missing = await _missing(config, factory)
        if not missing:
            return config, ""
        if named or len(missing) < len(set(roles(config).values())):
            raise ModelError("\n".join(missing))
        return config.model_copy(update=preset("embedded")), (
            "Neither Ollama nor a key for the default models was found: using the embedded models. For the default "
            "line-up, start Ollama, `ollama pull codellama:70b gpt-oss:20b`, and put ANTHROPIC_API_KEY=... into .env."
        )

    def start_run(self, config: RunConfig, factory: ModelFactory, sandbox: ProcessSandbox) -> str:
        """Records what is about to be run, and on what; returns the run's id."""
        from koderz.store.schema import RunRecord

        now = datetime.now(UTC)
        run_id = f"bench_{secrets.token_hex(4)}_{now:%Y%m%d_%H%M%S}"
        self.store.start_run(RunRecord(run_id, config.strategy, now, config.model_dump(mode="json"), environment))
        return run_id

    @asynccontextmanager
    async def engine(
        self, config: RunConfig, factory: ModelFactory, sandbox: ProcessSandbox, *watchers: Recorder
    ) -> AsyncIterator[Orchestrator]:
        yield Orchestrator(factory.get_client, self.benchmark(config.dataset), sandbox, Fanout([self.store, *watchers]))
