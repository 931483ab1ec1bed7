"""How the confined side's Python processes are started: afresh, isolated, with no environment and nothing inherited."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parents[2])
# Appended, so that the standard library wins over whatever lies beside the package.
_START = "import sys; sys.path.append(sys.argv[1]); from {module} import main; main()"


def python(
    module: str, *arguments: str, stdin: int, stdout: int, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """A new interpreter running `module.main`. Its own session, so that Ctrl-C reaches Koderz alone."""
    command = [sys.executable, "-I", "-S", "-B", "-c", _START.format(module=module), _ROOT, *arguments]
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        pass_fds=pass_fds,
        start_new_session=True,
        bufsize=0,
    )
