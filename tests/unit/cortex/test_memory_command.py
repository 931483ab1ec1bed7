"""`koderz memory`, as it is typed."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from koderz.cortex.client import CortexClient
from tests.e2e.cli import Cli


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    async def fill() -> None:
        async with CortexClient(db=tmp_path / "memory.db") as client:
            for place in range(3):
                title = f"Koderz iteration {place} of exp_ab12cd34 HumanEval/{place}"
                await client.remember(
                    title=title, content="failed [red] off by one", category="custom", type="episodic"
                )
        await CortexClient(db=tmp_path / "memory.db", project="mine").remember(title="Mine", content="words")

    anyio.run(fill)
    return Cli(tmp_path)


@pytest.mark.parametrize(("query", "found"), [("exp_ab12cd34", 3), ("HumanEval/1", 1), ("one off exp_ab12cd34", 3)])
def test_recall_finds_experiments_problems_and_words(cli: Cli, query: str, found: int) -> None:
    done = cli("memory", "recall", query)
    assert done.code == 0, done.err
    assert done.out.count("**Koderz iteration ") == found
    assert done.out.count("    failed [red] off by one\n") == found


def test_recall_as_json_has_all_that_is_stored(cli: Cli) -> None:
    done = cli("memory", "recall", "HumanEval/2", "--json", "--limit", "1")
    (row,) = done.json
    assert (row["id"], row["project"], row["content"]) == (3, "koderz", "failed [red] off by one")


def test_nothing_found_is_said_on_stderr_and_is_no_failure(cli: Cli) -> None:
    done = cli("memory", "recall", "unicorn")
    assert (done.code, done.out) == (0, "")
    assert "unicorn" in done.err
    assert cli("memory", "recall", "unicorn", "--json").json == []


def test_stats_count_by_type_and_category(cli: Cli) -> None:
    told = cli("memory", "stats")
    assert told.code == 0
    assert [line.split() for line in told.out.splitlines()[:5]] == [
        ["Memories", "3"],
        ["of", "type", "short_term", "0"],
        ["of", "type", "long_term", "0"],
        ["of", "type", "episodic", "3"],
        ["on", "custom", "3"],
    ]
    assert str(cli.folder / "memory.db") in told.out
    assert cli("memory", "stats", "--json", "--project", "*").json["total"] == 4


def test_other_projects_are_searched_when_named(cli: Cli) -> None:
    assert "**Mine**" in cli("memory", "recall", "words", "--project", "mine").out


def test_what_is_wrong_is_told_with_its_exit_code(cli: Cli) -> None:
    assert cli("memory", "recall").code == 2
    assert cli("memory", "recall", "word", "--limit", "51").code == 2
    (cli.folder / "memory.db").write_text("not a database, and long enough to tell" * 50)
    for verb in (["stats"], ["recall", "word"]):
        done = cli("memory", *verb)
        assert done.code == 3
        assert "CORTEX_DB" in done.err
        assert "Traceback" not in done.err
    missing = cli("memory", "stats", CORTEX_PATH=str(cli.folder / "index.js"))
    assert missing.code == 3
    assert "CORTEX_PATH" in missing.err
