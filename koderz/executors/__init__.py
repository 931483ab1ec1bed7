"""Run many experiments. `inline` does it in this process with bounded concurrency.

May import everything below it.
To add one, implement `core.ports.Executor`.
"""
