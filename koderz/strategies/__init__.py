"""Strategies: pure generators that decide what to try next.

May import `core`, `utils` and `prompts`; no I/O, no clock, no unseeded randomness.
To add one, write a class with `solve(problem)` in a file of its own and name it in `STRATEGIES`.
"""
