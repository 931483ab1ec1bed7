"""Koderz: multi-model swarm experiments in code generation.

Read `core/types.py`, `core/ports.py`, `strategies/iterative.py` and `orchestrator.py`, in that order;
everything else is one more implementation of something seen there.
"""

__version__ = "0.1.0"
