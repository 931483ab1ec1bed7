"""What an experiment leaves in the memory: from its steps and result to records. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

from koderz.core.types import Ask, Attempt, ExperimentResult, ExperimentSpec, Reply, Step, Trial
from koderz.utils.codec import plain

RecordKind = Literal["spec", "iteration", "checkpoint", "result"]

CONTENT_CHARS = 10_000
"""The Node server cuts longer contents; the whole is in the metadata, which nobody cuts."""

_CATEGORY = {"spec": "architecture", "iteration": "custom", "checkpoint": "learning", "result": "learning"}
_LASTING = ("spec", "result")
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Record:
    """One memory to be. `arguments` are those of `CortexClient.remember`."""

    kind: RecordKind
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """`place` tells it from everything else in its experiment, `label` names it to people."""

    kind: RecordKind
    place: str
    label: str
    text: str
    model: str | None
    payload: Any


def of_step(spec: ExperimentSpec, step: Step, attempts: int) -> Record | None:
    """The record of a step worth remembering, else ``None``. `attempts` so far, this step included."""
    place, payload = f"step/{step.index}", plain(step.outcome)
    match step.action, step.outcome:
        case Ask(role="spec"), Reply() as reply:
            found = _Found("spec", place, "spec", reply.text, reply.completion.model, payload)
        case Ask(phase="checkpoint"), Reply() as reply:
            label = f"checkpoint after iteration {attempts}"
            found = _Found("checkpoint", place, label, reply.text, reply.completion.model, payload)
        case Attempt(), Trial() as trial:
            label = f"iteration {attempts}"
            found = _Found("iteration", place, label, _told(trial), trial.completion.model, payload)
        case _:
            return None
    return _record(spec, found, attempts)


def of_result(result: ExperimentResult) -> Record:
    text = f"{_ending(result)}\n\n{result.best.code if result.best else ''}".rstrip()
    found = _Found("result", "result", "result", text, result.spec.roles.get("coder"), plain(result))
    return _record(result.spec, found, result.attempts)


def _told(trial: Trial) -> str:
    """Verdict, counts and error first: a search shows the first 200 characters only."""
    verdict = trial.verdict
    total = "?" if verdict.tests_total is None else verdict.tests_total
    return f"{verdict.status}, tests {verdict.tests_passed}/{total}\n{verdict.feedback}\n\n{trial.code}"


def _ending(result: ExperimentResult) -> str:
    cost = result.total.cost_usd
    outcome = "solved" if result.solved else f"not solved ({result.stop})"
    spent = "cost unknown" if cost is None else f"${cost}"
    return f"{outcome}, {result.attempts} attempts, {spent}, {result.seconds:.1f} s. {result.error}".rstrip()


def _record(spec: ExperimentSpec, found: _Found, attempts: int) -> Record:
    key = f"{spec.id}/{found.place}"
    # A title that nothing else has: the Node server drops what resembles an older memory.
    token = f"kz{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    arguments = {
        "title": f"Koderz {found.label} of {spec.id} {spec.problem_id} {token}",
        "content": found.text[:CONTENT_CHARS],
        "category": _CATEGORY[found.kind],
        "type": "long_term" if found.kind in _LASTING else "episodic",
        "importance": "critical" if found.kind in _LASTING else "high",
        "scope": "project",
        "tags": _tags(spec, found, attempts),
        "metadata": _metadata(spec, found, attempts) | {"key": key},
    }
    return Record(found.kind, arguments)


def _tags(spec: ExperimentSpec, found: _Found, attempts: int) -> list[str]:
    iteration = [] if found.kind in _LASTING else [f"iter_{attempts}"]
    return [found.kind, spec.id, spec.problem_id, *iteration, spec.run_id, *([found.model] if found.model else [])]


def _metadata(spec: ExperimentSpec, found: _Found, attempts: int) -> dict[str, Any]:
    return {
        "koderz": 1,
        "kind": found.kind,
        "experiment_id": spec.id,
        "run_id": spec.run_id,
        "benchmark": spec.benchmark,
        "problem_id": spec.problem_id,
        "spec_prompt": spec.options.get("spec_prompt"),
        "iteration": None if found.kind in _LASTING else attempts,
        "sha256": hashlib.sha256(json.dumps(found.payload, sort_keys=True).encode()).hexdigest(),
        "payload": _exact(found.payload),
    }


def _exact(value: Any) -> Any:
    """Integers that JavaScript would round, as text."""
    match value:
        case dict():
            return {name: _exact(item) for name, item in value.items()}
        case list():
            return [_exact(item) for item in value]
        case int() if abs(value) > _EXACT:
            return str(value)
        case _:
            return value
