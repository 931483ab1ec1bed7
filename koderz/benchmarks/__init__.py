"""Sets of problems with their oracles, behind `core.ports.Benchmark`. Oracles never leave this package.

May import `core`, `utils` and `sandbox`.
To add one, write a file with `problems`, `plan` and `judge` and name it in `BENCHMARKS`.
"""

BENCHMARKS = {"humaneval": "koderz.benchmarks.humaneval:HumanEval"}
