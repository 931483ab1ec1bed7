"""The swarm: who is asked for what, which tests are believed, and who is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from koderz.core.types import Action, Ask, Attempt, Check, Checked, Outcome, TestOutcome, Trial, Verdict
from koderz.strategies.consensus import agreement, passed_tests, separate, supported
from koderz.strategies.swarm import Swarm
from tests.unit.strategies.driving import PROBLEM, drive, prompt_of, reply, trial

TESTS = ["assert double(1) == 2", "assert double(2) == 4", "assert double(3) == 7"]
UNJUDGED = Verdict("unjudged", 0, None, "")


def answering(
    passes: dict[int, set[int]], verdict: Callable[[int], Verdict] = lambda _: UNJUDGED, tests: Sequence[str] = TESTS
) -> Callable[[Action], Outcome]:
    """Draw n passes those of `TESTS` that `passes` says, on the policy's own tests `verdict`."""

    def answer(action: Action) -> Outcome:
        match action:
            case Ask(role="tester"):
                return reply("\n".join(tests))
            case Ask(role="critic"):
                return reply("MIND THE GAP")
            case Attempt(sample=sample):
                run = judged(sample, action.tests) if action.tests else verdict(sample)
                return replace(trial(code=f"x = {sample}"), verdict=run)
            case Check(code=code, tests=given):
                return Checked(judged(int(code.split()[-1]), given or ()))
            case _:
                raise AssertionError(action)

    def judged(sample: int, given: Sequence[str]) -> Verdict:
        outcomes = tuple(TestOutcome(TESTS.index(test) in passes.get(sample, set()), test) for test in given)
        failed = [test.call for test in outcomes if not test.passed]
        return Verdict(
            "failed" if failed else "passed", len(outcomes) - len(failed), len(outcomes), "\n".join(failed), outcomes
        )

    return answer


def chosen(strategy: Swarm, answer: Callable[[Action], Outcome]) -> Trial | None:
    solving = strategy.solve(PROBLEM)
    try:
        batch = next(solving)
        while True:
            batch = solving.send([answer(action) for action in batch])
    except StopIteration as end:
        found: Trial | None = end.value
        return found


def attempts(actions: Sequence[Action]) -> list[Attempt]:
    return [action for action in actions if isinstance(action, Attempt)]


GROUPS = {0: {0}, 1: {0, 1}, 2: {0, 1}, 3: {2}}


def test_the_candidate_of_the_largest_agreement_is_chosen_and_wrong_tests_are_not_believed() -> None:
    answer = answering(GROUPS, tests=TESTS)
    best = chosen(Swarm(width=4, feedback="generated"), answer)
    assert best is not None
    assert best.code in ("x = 1", "x = 2")
    assert len(attempts(drive(Swarm(width=4, feedback="generated"), answer))) == 4


def test_the_rewriting_is_told_the_failed_tests_that_are_believed_and_what_the_critic_said() -> None:
    passes = {0: {0, 1}, 1: {0, 1}, 2: {1, 2}, 3: {1, 2}}
    strategy = Swarm(width=4, rounds=2, support=0.5, feedback="hidden")
    actions = drive(strategy, answering(passes, lambda _: Verdict("failed", 1, 3, "HIDDEN FAILURE")))
    *_, rewriting = attempts(actions)
    told = prompt_of(rewriting)
    assert "x = 3" in told
    assert TESTS[0] in told
    assert TESTS[1] not in told
    assert "MIND THE GAP" in told
    assert "HIDDEN FAILURE" in told
    (critique,) = [action for action in actions if action.phase == "critique"]
    assert TESTS[0] in prompt_of(critique)
    assert "HIDDEN FAILURE" in prompt_of(critique)


def test_a_round_is_as_wide_as_told_with_one_rewriting_from_the_second_on() -> None:
    actions = drive(Swarm(width=3, rounds=3, coders=2), answering({}, lambda _: Verdict("failed", 0, 3, "no")))
    drawn = attempts(actions)
    assert [action.sample for action in drawn] == list(range(9))
    rewritten = ["Previous attempt" in prompt_of(action) for action in drawn]
    assert rewritten == [False] * 5 + [True] + [False] * 2 + [True]
    assert [action.seat for action in drawn] == [0, 1, 0, 0, 1, 0, 0, 1, 0]
    assert [action.phase for action in actions].count("critique") == 2


def test_a_reviewer_can_be_the_refiner() -> None:
    strategy = Swarm(width=2, rounds=2, refiner="reviewer")
    drawn = attempts(drive(strategy, answering({}, lambda _: Verdict("failed", 0, 3, "no"))))
    assert [action.role for action in drawn] == ["coder", "coder", "coder", "reviewer"]
    assert strategy.roles() == {"coder", "critic", "tester", "reviewer"}


def test_without_tests_the_critic_alone_leads_on_and_the_last_rewriting_is_chosen() -> None:
    strategy = Swarm(width=2, rounds=2, feedback="none")
    assert strategy.roles() == {"coder", "critic"}
    actions = drive(strategy, answering({}))
    assert [action.kind for action in actions] == ["attempt", "attempt", "ask", "attempt", "attempt"]
    best = chosen(strategy, answering({}))
    assert best is not None
    assert best.code == "x = 3"


def test_where_no_test_can_be_read_nothing_is_checked() -> None:
    actions = drive(Swarm(width=2, rounds=2), answering({}, tests=["I can't think of any."]))
    assert not [action for action in actions if isinstance(action, Check)]
    assert len(attempts(actions)) == 4


def test_tester_and_critic_can_be_left_out() -> None:
    strategy = Swarm(width=2, rounds=2, tester=False, critic=False)
    assert strategy.roles() == {"coder"}
    assert {action.kind for action in drive(strategy, answering({}))} == {"attempt"}


def test_what_passes_the_policy_s_tests_comes_before_what_agrees() -> None:
    passes: dict[int, set[int]] = {1: {0, 1}, 2: {0, 1}}

    def verdict(sample: int) -> Verdict:
        return Verdict("failed", 1, 2, "no") if sample else Verdict("passed", 2, 2, "")

    best = chosen(Swarm(width=3, feedback="visible"), answering(passes, verdict))
    assert best is not None
    assert best.code == "x = 0"


def test_of_several_that_pass_the_visible_tests_agreement_chooses() -> None:
    passes = {0: {0}, 1: {0, 1}, 2: {0, 1}}
    best = chosen(Swarm(width=3, feedback="visible"), answering(passes, lambda _: Verdict("passed", 2, 2, "")))
    assert best is not None
    assert best.code == "x = 2"


def test_equal_code_is_checked_once() -> None:
    def same(action: Action) -> Outcome:
        outcome = answering({})(action)
        return replace(trial(code="x = 0"), verdict=UNJUDGED) if isinstance(outcome, Trial) else outcome

    actions = drive(Swarm(width=4, rounds=2, critic=False), same)
    assert sum(isinstance(action, Check) and len(action.tests or ()) == len(TESTS) for action in actions) == 1


passed = st.lists(st.frozensets(st.integers(0, 7)), min_size=1, max_size=8)


@given(passed)
def test_agreement_is_the_size_of_the_group_times_its_tests_in_any_order(each: list[frozenset[int]]) -> None:
    scores = agreement(each)
    assert scores == [each.count(own) * len(own) for own in each]
    assert agreement(each[::-1]) == scores[::-1]


@given(passed, st.floats(0.01, 1))
def test_a_test_that_all_pass_is_believed_and_one_that_none_passes_is_not(
    each: list[frozenset[int]], share: float
) -> None:
    believed = supported(each, share)
    voters = [own for own in each if own]
    assert all(any(test in own for own in voters) for test in believed)
    assert not voters or frozenset.intersection(*voters) <= believed


def test_tests_of_the_same_input_count_once_as_do_those_that_cannot_be_read() -> None:
    given = ("assert double(1) == 2", "assert double(1) == 3", "no test", "assert double(2) == 4")
    assert separate(given, "double") == (given[0], given[3])


def test_where_the_outcomes_are_not_told_one_by_one_it_is_all_or_nothing() -> None:
    assert passed_tests(Verdict("passed", 0, None, ""), 3) == {0, 1, 2}
    assert passed_tests(Verdict("failed", 0, None, ""), 3) == set()


def test_the_tester_is_asked_once_whatever_comes_of_it() -> None:
    actions = drive(Swarm(width=2, rounds=2, feedback="generated:full"), answering({}, tests=["I can't think of any."]))
    assert [action.phase for action in actions].count("tests") == 1


def test_attempts_that_were_judged_by_the_tester_s_tests_are_not_run_on_them_again() -> None:
    passes = {0: {0, 1}, 1: {0, 1}, 2: {1, 2}, 3: {1, 2}}
    actions = drive(Swarm(width=4, rounds=2, feedback="generated"), answering(passes))
    first_round = actions[: [action.kind for action in actions].index("check")]
    assert len(attempts(first_round)) == 4
    checked = [action.tests for action in actions if isinstance(action, Check)]
    assert checked == [(TESTS[0],)]
