"""What every store must do. Subclass it in a test file and give it a `store` fixture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from koderz.core.errors import ConfigError, StoreError
from koderz.core.ports import Store
from koderz.core.types import CompletionDone, ExperimentDone, Notice, StepDone, StepStarted, TextArrived
from koderz.testing.samples import completion, events, request, result, spec, started, step


class StoreContract:
    def test_what_was_started_can_be_read_again(self, store: Store) -> None:
        store.on(started(spec(1)))
        store.on(started(spec(2, model="other")))
        assert store.spec(spec(1).id) == spec(1)
        assert store.spec(spec(2).id) == spec(2, model="other")

    def test_starting_the_same_experiment_again_changes_nothing(self, store: Store) -> None:
        store.on(started(spec()))
        for event in events(spec(), step(0)):
            store.on(event)
        store.on(started(spec()))
        assert store.spec(spec().id) == spec()
        assert list(store.steps(spec().id)) == [step(0)]

    def test_another_experiment_under_the_same_id_is_refused(self, store: Store) -> None:
        store.on(started(spec()))
        with pytest.raises(StoreError, match=spec().id):
            store.on(started(replace(spec(), strategy="zero-shot")))
        assert store.spec(spec().id) == spec()

    def test_an_experiment_that_was_never_started_is_a_mistake_of_the_user(self, store: Store) -> None:
        with pytest.raises(ConfigError, match="exp_00000009"):
            store.spec("exp_00000009")

    def test_an_experiment_that_was_never_started_has_no_steps_answers_or_result(self, store: Store) -> None:
        assert list(store.steps("exp_00000009")) == []
        assert store.completions("exp_00000009") == {}
        assert store.result("exp_00000009") is None

    def test_events_of_an_experiment_that_was_never_started_are_refused(self, store: Store) -> None:
        for event in (*events(spec(), step(0)), ExperimentDone(result(spec()))):
            with pytest.raises(StoreError):
                store.on(event)
        assert list(store.steps(spec().id)) == []

    def test_steps_come_back_by_index_in_whatever_order_they_finished(self, store: Store) -> None:
        store.on(started(spec()))
        for index in (2, 0, 10, 1):
            for event in events(spec(), step(index, completion(f"answer {index}"))):
                store.on(event)
        assert list(store.steps(spec().id)) == [step(index, completion(f"answer {index}")) for index in (0, 1, 2, 10)]

    def test_a_step_whose_answer_was_never_told_keeps_it(self, store: Store) -> None:
        store.on(started(spec()))
        store.on(StepDone(spec().id, step(0)))
        assert list(store.steps(spec().id)) == [step(0)]

    def test_a_step_comes_back_with_its_own_answer_of_several(self, store: Store) -> None:
        store.on(started(spec()))
        for number in range(3):
            store.on(CompletionDone(spec().id, 0, request(f"prompt {number}"), completion(f"answer {number}")))
        store.on(StepDone(spec().id, step(0, completion("answer 1"))))
        store.on(StepDone(spec().id, step(1, completion("answer 2"))))
        assert list(store.steps(spec().id)) == [step(0, completion("answer 1")), step(1, completion("answer 2"))]

    def test_steps_of_one_experiment_are_not_those_of_another(self, store: Store) -> None:
        for number in (1, 2):
            store.on(started(spec(number)))
            for event in events(spec(number), step(number)):
                store.on(event)
        assert list(store.steps(spec(1).id)) == [step(1)]
        assert list(store.completions(spec(2).id)) == [(2, request().key)]

    def test_the_same_event_told_twice_is_kept_once(self, store: Store) -> None:
        store.on(started(spec()))
        for event in (*events(spec(), step(0)), *events(spec(), step(0))):
            store.on(event)
        assert list(store.steps(spec().id)) == [step(0)]
        assert store.completions(spec().id) == {(0, request().key): completion()}

    def test_a_second_outcome_of_a_step_is_refused_and_the_first_stays(self, store: Store) -> None:
        store.on(started(spec()))
        for event in events(spec(), step(0)):
            store.on(event)
        with pytest.raises(StoreError, match="already recorded"):
            store.on(StepDone(spec().id, step(0, passed=True)))
        with pytest.raises(StoreError, match="already recorded"):
            store.on(CompletionDone(spec().id, 0, request(), completion("something else")))
        assert list(store.steps(spec().id)) == [step(0)]
        assert store.completions(spec().id) == {(0, request().key): completion()}

    def test_an_answer_is_kept_although_its_step_never_finished(self, store: Store) -> None:
        store.on(started(spec()))
        store.on(CompletionDone(spec().id, 3, request("one"), completion("1")))
        store.on(CompletionDone(spec().id, 3, request("two"), completion("2")))
        assert store.completions(spec().id) == {
            (3, request("one").key): completion("1"),
            (3, request("two").key): completion("2"),
        }
        assert list(store.steps(spec().id)) == []

    def test_the_latest_result_counts(self, store: Store) -> None:
        store.on(started(spec()))
        assert store.result(spec().id) is None
        store.on(ExperimentDone(result(spec(), step(0))))
        store.on(ExperimentDone(result(spec(), step(0), step(1, passed=True))))
        assert store.result(spec().id) == result(spec(), step(0), step(1, passed=True))

    def test_unknown_cost_and_usage_stay_unknown(self, store: Store) -> None:
        store.on(started(spec()))
        unknown = replace(completion(cost=None), usage=None)
        for event in events(spec(), step(0, unknown)):
            store.on(event)
        store.on(ExperimentDone(result(spec(), step(0, unknown))))
        (kept,) = store.completions(spec().id).values()
        assert (kept.cost_usd, kept.usage) == (None, None)
        done = store.result(spec().id)
        assert done is not None
        assert (done.total.cost_usd, done.total.usage) == (None, None)

    def test_events_that_are_only_for_the_eye_leave_no_trace(self, store: Store) -> None:
        store.on(started(spec()))
        store.on(Notice("hello"))
        store.on(StepStarted(spec().id, 0, step(0).action))
        store.on(TextArrived(spec().id, 0, "def"))
        assert list(store.steps(spec().id)) == []
        assert store.completions(spec().id) == {}
