"""A run of the corpus from outside: starts throw-away worlds and hands over the findings as they come."""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile import namespaces
from tests.hostile.judging import Finding

Told = str | Finding
"""A finding, or a sentence about the circumstances."""


def attack(names: Sequence[str], levels: Sequence[str], *, unprivileged: bool, worlds: int = 1) -> Iterator[Told]:
    """The programs are shared out between `worlds` that run at the same time and know nothing of each other."""
    why_not = namespaces.refused()
    yield f"In a world without namespaces: {why_not}." if why_not else "In namespaces of its own."
    user = os.getuid() or namespaces.STRANGER if unprivileged else None
    told: queue.SimpleQueue[Told | None] = queue.SimpleQueue()

    def run(share: Sequence[str]) -> None:
        try:
            with TemporaryDirectory(prefix="koderz-hostile-") as folder:
                Path(folder).chmod(0o777)
                _attack(namespaces.World(Path(folder), user, isolated=not why_not), share, levels, told)
        finally:
            told.put(None)

    threads = [threading.Thread(target=run, args=(names[i::worlds],)) for i in range(worlds)]
    for thread in threads:
        thread.start()
    for _ in threads:
        yield from iter(told.get, None)
    for thread in threads:
        thread.join()


def _attack(
    world: namespaces.World, names: Sequence[str], levels: Sequence[str], told: queue.SimpleQueue[Told | None]
) -> None:
    asked = json.dumps({"folder": str(world.folder), "programs": names, "levels": levels})
    with namespaces.popen(world, "tests.hostile.inside", asked) as process:
        assert process.stdout
        for line in process.stdout:
            told.put(_read(json.loads(line)))
    if process.returncode:
        told.put(f"What attacks ended by itself (status {process.returncode}).")


def _read(line: dict[str, object]) -> Told:
    match line:
        case {"finding": dict(finding)}:
            return Finding(**{**finding, "why": tuple(finding["why"])})
        case {"unusable": level, "why": why}:
            return f"Level {level} can't be used here: {why}"
        case {"level": level, "user": user}:
            return f"Level {level}, as user {user}."
    raise ValueError(f"not understood: {line}")
