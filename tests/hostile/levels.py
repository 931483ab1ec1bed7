"""Which ways of confining there are to attack, and how a sandbox of each is made."""

from __future__ import annotations

from koderz.core.errors import SandboxError
from koderz.sandbox.pool import ProcessSandbox

DEFAULT = "default"


def usable() -> dict[str, str]:
    """Levels by name, with the reason where one can't be used here."""
    sandbox = ProcessSandbox(workers=1)
    try:
        sandbox.level()
    except SandboxError as error:
        return {DEFAULT: str(error)}
    finally:
        sandbox.close()
    return {DEFAULT: ""}


def sandbox(level: str) -> ProcessSandbox:
    """One worker, so that every evaluation meets what the one before has left."""
    if level != DEFAULT:
        raise SandboxError(f"There is no level {level!r}.")
    return ProcessSandbox(workers=1)
