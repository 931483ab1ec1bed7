from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from koderz.analysis.timing import CATEGORIES, PHASES, PhaseTime, spans, timing
from koderz.store.records import StepTimes

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
ZERO = BEGAN.timestamp()


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def shown(step: StepTimes) -> list[tuple[str, float, float]]:
    return [(span.phase, span.start - ZERO, span.end - ZERO) for span in spans(step)]


def test_an_attempt_is_its_answer_and_then_its_test() -> None:
    step = StepTimes("attempt", "iteration", at(10), 5.0, at(13), 2.5)
    assert shown(step) == [("iteration_generate", 10, 13), ("iteration_test", 13, 15)]


@pytest.mark.parametrize(
    ("kind", "phase", "name"),
    [
        ("ask", "spec", "spec_generation"),
        ("ask", "checkpoint", "checkpoint_review"),
        ("ask", "iteration", "iteration_generate"),
    ],
)
def test_what_is_asked_has_no_test(kind: str, phase: str, name: str) -> None:
    assert shown(StepTimes(kind, phase, at(0), 5.0, at(5), 5.0)) == [(name, 0, 5)]


def test_what_asks_no_model_is_a_test_or_a_look_into_memory() -> None:
    assert shown(StepTimes("check", "iteration", at(0), 5.0, None, 0.0)) == [("iteration_test", 0, 5)]
    assert shown(StepTimes("recall", "recall", at(0), 5.0, None, 0.0)) == [("cortex_recall", 0, 5)]


def test_an_answer_of_an_earlier_session_took_its_time_then() -> None:
    step = StepTimes("attempt", "iteration", at(100), 1.0, at(20), 15.0)
    assert shown(step) == [("iteration_generate", 5, 20), ("iteration_test", 100, 101)]


def test_the_report_adds_up_and_says_what_nobody_measured() -> None:
    steps = [
        StepTimes("ask", "spec", at(0), 10.0, at(10), 10.0),
        StepTimes("attempt", "iteration", at(10), 20.0, at(25), 15.0),
        StepTimes("attempt", "iteration", at(20), 20.0, at(30), 10.0),
    ]
    found = timing([span for step in steps for span in spans(step)], BEGAN, at(50))
    assert (found.total_s, found.tracked_s, found.overhead_s, found.generating_s) == (50, 40, 10, 30)
    generate, test = found.phases["iteration_generate"], found.phases["iteration_test"]
    assert generate
    assert (generate.count, generate.busy_s, generate.sum_s, generate.longest_s) == (2, 20, 25, 15)
    assert test
    assert (test.count, test.busy_s, test.sum_s) == (2, 15, 15)
    assert found.categories == {
        "cortex": None,
        "iteration": 20,
        "spec": 10,
        "checkpoint": 0,
        "test": 15,
        "other": 0,
    }
    unmeasured = [phase for phase, time in found.phases.items() if time is None]
    assert unmeasured == ["cortex_start_session", "cortex_remember", "cortex_end_session"]
    assert found.phases["checkpoint_review"] == PhaseTime(0, 0, 0, 0)


def test_every_phase_has_a_category() -> None:
    assert set(PHASES.values()) == set(CATEGORIES)
