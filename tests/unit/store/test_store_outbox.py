"""What the store knows of a memory: what it is to have, and what it has confirmed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from koderz.core.events import ExperimentDone
from koderz.core.types import ExperimentSpec, StopReason
from koderz.store.sql import SqlStore
from koderz.testing.samples import events, result, spec, started, step


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return SqlStore(f"sqlite:///{tmp_path / 'koderz.db'}")


def record(store: SqlStore, of: ExperimentSpec, *stops: StopReason) -> None:
    """An experiment of one attempt that ended so often."""
    store.on(started(of))
    for event in events(of, step(0)):
        store.on(event)
    for stop in stops:
        store.on(ExperimentDone(replace(result(of, step(0)), stop=stop)))


def test_keys_name_attempts_and_every_result_but_a_cancelled_one(store: SqlStore) -> None:
    one = spec(1)
    record(store, one, "infra_error", "cancelled", "exhausted")
    assert store.mirrored() == {one.id: [f"{one.id}/step/0", f"{one.id}/result/1", f"{one.id}/result/3"]}
    assert store.mirrored(one.id) == store.mirrored()
    assert list(store.results(one.id)) == [1, 2, 3]


def test_a_run_is_finished_when_each_of_its_several_experiments_is(store: SqlStore) -> None:
    record(store, spec(1), "exhausted")
    assert store.finished_runs() == {}
    record(store, spec(2), "infra_error")
    assert store.finished_runs() == {}
    record(store, spec(2), "solved")
    assert store.finished_runs() == {spec().run_id: 2}
    assert [each.stop for each in store.run_results(spec().run_id)] == ["exhausted", "solved"]


def test_an_acknowledgement_is_one_memory_s_and_the_latest_counts(store: SqlStore) -> None:
    store.acknowledge("a", {"k": 1, "other": 2})
    store.acknowledge("a", {"k": 3})
    store.acknowledge("b", {})
    assert store.acknowledged("a") == {"k": 3, "other": 2}
    assert store.acknowledged("a", ["k", "unknown"]) == {"k": 3}
    assert store.acknowledged("b") == {}
