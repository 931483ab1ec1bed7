from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from koderz.core.types import (
    Ask,
    Attempt,
    Check,
    Checked,
    Completion,
    CompletionDone,
    Extraction,
    Message,
    Notes,
    Recall,
    Reply,
    Step,
    StepDone,
    TestOutcome,
    Trial,
    Usage,
    Verdict,
)
from koderz.store.sql import SqlStore
from koderz.testing.samples import request, spec, started

texts = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates and NUL included
seconds = st.floats(0, 1e9)
counts = st.integers(0, 2**53)
costs = st.decimals(0, 1000, allow_nan=False, places=8)
plain: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.text(max_size=8), st.recursive(st.none() | st.booleans() | counts | texts, st.lists, max_leaves=4), max_size=3
)
messages = st.lists(st.builds(Message, st.sampled_from(["system", "user", "assistant"]), texts), max_size=3).map(tuple)
completions = st.builds(
    Completion,
    text=texts,
    model=texts,
    tier=st.sampled_from(["local", "small_frontier", "frontier"]),
    usage=st.none() | st.builds(Usage, counts, counts, counts, counts, counts),
    cost_usd=st.none() | costs,
    latency_s=seconds,
    first_token_s=st.none() | seconds,
    finish_reason=st.sampled_from(["stop", "length", "other"]),
    truncated_prompt=st.none() | st.booleans(),
    sent=plain,
    server=plain,
)
outcomes_of_tests = st.lists(st.builds(TestOutcome, st.booleans(), texts, texts, texts), max_size=3).map(tuple)
verdicts = st.builds(
    Verdict,
    status=st.sampled_from(["passed", "failed", "timeout", "invalid"]),
    tests_passed=counts,
    tests_total=st.none() | counts,
    feedback=texts,
    tests=outcomes_of_tests,
    level=texts,
    stdout=texts,
    stderr=texts,
    cpu_s=st.none() | seconds,
)
extractions = st.builds(Extraction, texts, st.sampled_from(["strict", "tolerant"]), texts)
trials = st.builds(Trial, extractions, verdicts, completions, st.booleans())
roles = st.sampled_from(["spec", "coder", "reviewer", "critic", "tester"])
phases = st.sampled_from(["spec", "iteration", "checkpoint", "recall"])
asks = st.builds(Ask, roles, phases, messages, st.none() | st.floats(0, 2), st.none() | counts, counts)
attempts = st.builds(Attempt, roles, messages, st.none() | st.floats(0, 2), st.none() | counts, counts, phases)
deeds = st.one_of(
    st.tuples(asks, st.builds(Reply, texts, completions)),
    st.tuples(attempts, trials),
    st.tuples(st.builds(Check, texts), st.builds(Checked, verdicts)),
    st.tuples(st.builds(Recall, texts, counts), st.builds(Notes, st.lists(texts, max_size=3).map(tuple))),
)
steps = st.builds(
    lambda index, deed, at, took: Step(index, deed[0], deed[1], at, took),
    st.integers(0, 10_000),
    deeds,
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    seconds,
)


@settings(max_examples=150, deadline=None)
@given(journal=st.lists(steps, max_size=4, unique_by=lambda step: step.index), announced=st.booleans())
def test_steps_come_back_equal_to_those_written(journal: list[Step], announced: bool) -> None:
    store = SqlStore("sqlite://")
    store.on(started(spec()))
    answers = {}
    for step in journal:
        if announced and isinstance(step.outcome, Reply | Trial):
            answers[step.index, request().key] = step.outcome.completion
            store.on(CompletionDone(spec().id, step.index, request(), step.outcome.completion))
        store.on(StepDone(spec().id, step))
        store.on(StepDone(spec().id, step))  # as told again after a resume
    assert list(store.steps(spec().id)) == sorted(journal, key=lambda step: step.index)
    assert store.completions(spec().id) == answers
    store.close()
