"""Which ways of confining there are to attack, and how a sandbox of each is made."""

from __future__ import annotations

from koderz.core.errors import SandboxError
from koderz.sandbox.pool import ProcessSandbox

DEFAULT = "default"


def usable() -> list[str]:
    """Names of those that this machine can do; what can't be used elsewhere says so when it is tried there."""
    return [DEFAULT]


def sandbox(level: str) -> ProcessSandbox:
    """One worker, so that every evaluation meets what the one before has left."""
    if level != DEFAULT:
        raise SandboxError(f"There is no level {level!r}.")
    return ProcessSandbox(workers=1)
