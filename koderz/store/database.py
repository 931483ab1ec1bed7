"""Opens the database, and says in words what goes wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from koderz.core.errors import ConfigError, StoreError

ELSEWHERE = "set KODERZ_STORE to another database, such as KODERZ_STORE=sqlite:////home/me/koderz.db"

# FULL, because a step that was paid for must survive a power cut too: with NORMAL, SQLite in WAL mode keeps every
# commit over kill -9 but may lose the last ones when the machine stops. The price is one fsync per commit.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
BUSY_S = "30"


def parse(text: str) -> URL:
    """Raises `ConfigError`; never repeats the text, since it can hold a password."""
    try:
        return make_url(text)
    except (ArgumentError, ValueError) as problem:
        raise ConfigError(
            "KODERZ_STORE is not a database URL. Set it to KODERZ_STORE=sqlite:////home/me/koderz.db or "
            "KODERZ_STORE=postgresql+psycopg://user:password@host/name, or unset it for a file in KODERZ_HOME."
        ) from problem


def place(url: URL) -> str:
    """What to call the database in a message: the file's path, or the URL without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


def connect(url: URL) -> Engine:
    """Raises `StoreError` when the file's folder can't be made, `ConfigError` when the driver is not installed."""
    try:
        return _sqlite(url) if url.get_backend_name() == "sqlite" else create_engine(url)
    except OSError as problem:
        raise StoreError(_unwritable(place(url), str(problem))) from problem
    except (ArgumentError, ModuleNotFoundError) as problem:
        raise ConfigError(
            f"The driver for {url.drivername} databases is missing ({problem}). Install it (for PostgreSQL: "
            f"`pip install 'psycopg[binary]'`), or {ELSEWHERE}."
        ) from problem


def _sqlite(url: URL) -> Engine:
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": BUSY_S})
    if _in_memory(url):  # one connection, or each thread would see a database of its own
        threads = {"check_same_thread": False}
        engine = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args=threads)
    else:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _in_memory(url: URL) -> bool:
    return url.database in (None, "", ":memory:")


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin late and commit before DDL; `_begin` does it right
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A transaction that writes takes the lock at once: what it has read can't change before it writes."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def explain(problem: DBAPIError, where: str) -> StoreError:
    """The driver's error as one paragraph that says what to type."""
    reason = " ".join(str(problem.orig).split())
    if any(sign in reason for sign in ("not a database", "malformed", "Could not decode")):
        return StoreError(
            f"The store {where} is damaged ({reason}). Move it away (`mv '{where}' '{where}.damaged'`; the command "
            f"`sqlite3 '{where}.damaged' .recover` shows what can be saved), or {ELSEWHERE}."
        )
    if "is full" in reason:
        return StoreError(
            f"The disk is full and the store {where} can't take more ({reason}). Everything recorded before is kept: "
            f"free some space (`df -h '{where}'`), then go on with `koderz resume ID`, or {ELSEWHERE}."
        )
    if "is locked" in reason:
        return StoreError(
            f"Another process keeps the store {where} locked ({reason}). Wait for it or end it "
            f"(`fuser '{where}'` shows which), then try again, or {ELSEWHERE}."
        )
    if "unable to open" in reason or "readonly" in reason or "disk I/O" in reason:
        return StoreError(_unwritable(where, reason))
    if isinstance(problem, IntegrityError):
        return StoreError(
            f"The store {where} refused a record ({reason}): its experiment was never started, or another process is "
            "running the same one. See `koderz results`."
        )
    return StoreError(f"The store {where} failed ({reason}). Type `koderz doctor` to check it, or {ELSEWHERE}.")


def _unwritable(where: str, reason: str) -> str:
    return (
        f"The store {where} can't be opened or written ({reason}). Make its folder writable "
        f"(`ls -ld '{Path(where).parent}'` shows its rights), or {ELSEWHERE}."
    )
