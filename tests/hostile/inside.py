"""Started inside the throw-away world: attacks each asked level with each asked program, a JSON line per finding."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from koderz.core.errors import SandboxError
from tests.hostile import levels
from tests.hostile.canaries import Canaries
from tests.hostile.corpus import Program, programs
from tests.hostile.judging import Bench, Finding


def main() -> None:
    asked = json.loads(sys.argv[1])
    chosen = [program for program in programs() if program.name in asked["programs"]]
    canaries = Canaries(Path(asked["folder"]))
    try:
        for level in asked["levels"]:
            for told in _attacked(level, chosen, canaries):
                print(json.dumps(told), flush=True)
    finally:
        canaries.close()


def _attacked(level: str, chosen: list[Program], canaries: Canaries) -> Iterator[dict[str, object]]:
    if why_not := levels.usable()[level]:
        yield {"unusable": level, "why": why_not}
        return
    sandbox, neighbour = levels.sandbox(level), levels.sandbox(level)
    try:
        bench = Bench(sandbox, neighbour, canaries)
        yield {"level": bench.level, "user": os.getuid()}
        for program in chosen:
            yield {"finding": asdict(bench.attack(program))}
    except SandboxError as error:
        yield {"unusable": level, "why": str(error)}
    finally:
        sandbox.close()
        neighbour.close()




if __name__ == "__main__":
    main()
