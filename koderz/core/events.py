"""What the engine tells while it works: to the store, the mirror, the console and whoever else records."""

from __future__ import annotations

from dataclasses import dataclass

from koderz.core.types import Action, Completion, ExperimentResult, ExperimentSpec, ModelRequest, Problem, Step


@dataclass(frozen=True, slots=True)
class ExperimentStarted:
    spec: ExperimentSpec
    problem: Problem


@dataclass(frozen=True, slots=True)
class StepStarted:
    experiment_id: str
    index: int
    action: Action


@dataclass(frozen=True, slots=True)
class TextArrived:
    """A piece of an answer that is still being generated."""

    experiment_id: str
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class CompletionDone:
    """A model has answered. Recorded before anything is done with the answer, so that it is paid once."""

    experiment_id: str
    index: int
    request: ModelRequest
    completion: Completion


@dataclass(frozen=True, slots=True)
class StepDone:
    experiment_id: str
    step: Step


@dataclass(frozen=True, slots=True)
class ExperimentDone:
    result: ExperimentResult


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know that changes nothing."""

    text: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """The memory has acknowledged a record of this kind."""

    kind: str


Event = ExperimentStarted | StepStarted | TextArrived | CompletionDone | StepDone | ExperimentDone | Notice | Remembered
