"""What a task group raises, as the one thing that went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def first_fault() -> Iterator[None]:
    """Put around a task group: raises the first exception of its group, so that callers can name what they catch."""
    try:
        yield
    except BaseExceptionGroup as group:
        fault: BaseException = group
        while isinstance(fault, BaseExceptionGroup):
            fault = fault.exceptions[0]
        raise fault from None
