"""Sets of problems with their oracles, behind `core.ports.Benchmark`. Oracles never leave this package.

May import `core`, `utils` and `sandbox`.
To add one, write a file with `problems`, `plan` and `judge` and name it in `BENCHMARKS`.
"""

from __future__ import annotations

from importlib import import_module

from koderz.core.errors import ConfigError
from koderz.core.ports import Benchmark

BENCHMARKS = {"humaneval": "koderz.benchmarks.humaneval:HumanEval"}


def load(name: str, timeout_s: float | None = None) -> Benchmark:
    """The benchmark of that name; `timeout_s` is the CPU limit of one evaluation. Raises `ConfigError`."""
    if name not in BENCHMARKS:
        raise ConfigError(f"There is no data set {name!r}. Known data sets: {', '.join(sorted(BENCHMARKS))}.")
    module, _, kind = BENCHMARKS[name].partition(":")
    benchmark: Benchmark = getattr(import_module(module), kind)(timeout_s)
    return benchmark
