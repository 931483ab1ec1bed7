"""A run of the corpus from outside: starts the throw-away world and hands over the findings as they come."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile import namespaces
from tests.hostile.judging import Finding

Told = str | Finding
"""A finding, or a sentence about the circumstances."""


def attack(names: Sequence[str], levels: Sequence[str], *, unprivileged: bool) -> Iterator[Told]:
    why_not = namespaces.refused()
    yield f"In a world without namespaces: {why_not}." if why_not else "In namespaces of its own."
    user = None if not unprivileged else os.getuid() or namespaces.STRANGER
    with TemporaryDirectory(prefix="koderz-hostile-") as folder:
        Path(folder).chmod(0o777)
        world = namespaces.World(Path(folder), user, isolated=not why_not)
        asked = json.dumps({"folder": folder, "programs": list(names), "levels": list(levels)})
        with namespaces.popen(world, "tests.hostile.inside", asked) as process:
            assert process.stdout
            try:
                for line in process.stdout:
                    yield _read(json.loads(line))
            finally:
                process.kill()
    if process.returncode not in (0, None):
        yield f"The attacked process ended by itself (status {process.returncode})."


def _read(told: dict[str, object]) -> Told:
    match told:
        case {"finding": dict(finding)}:
            return Finding(**{**finding, "why": tuple(finding["why"])})
        case {"unusable": level, "why": why}:
            return f"Level {level} can't be used here: {why}"
        case {"level": level, "user": user}:
            return f"Level {level}, as user {user}."
    raise ValueError(f"not understood: {told}")
