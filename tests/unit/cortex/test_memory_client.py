"""The client with the embedded server, as a user has it."""

from __future__ import annotations

import json
import sqlite3
import string
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koderz.core.errors import CortexError
from koderz.cortex.answers import counts
from koderz.cortex.client import CortexClient

ASCII_MARKS = "".join(chr(code) for code in range(128) if not chr(code).isalnum())
any_text = st.text(
    st.one_of(st.sampled_from(ASCII_MARKS), st.characters(exclude_categories=[]), st.sampled_from("ab🎉é"))
)


def test_a_memory_is_found_by_its_words_and_exported_in_full(tmp_path: Path) -> None:
    async def main() -> None:
        client = CortexClient(db=tmp_path / "m.db")
        content = "The loop is off by one. " * 50
        identity = await client.remember(
            title="What's wrong? #3", content=content, category="error", tags=["loop", "exp_1"], metadata={"n": 1}
        )
        assert identity == 1
        (found,) = await client.recall("loops wrong?")
        assert found.startswith(
            f"[1] **What's wrong? #3**\n    {content[:200]}...\n    Type: short_term | Category: error\n"
        )
        assert "Tags: loop, exp_1" in found
        assert await client.recall("loop absent") == []
        (row,) = await client.export_memories()
        assert row["content"] == content
        assert json.loads(row["metadata"]) == {"n": 1}
        assert "Total memories: 1" in await client.memory_stats()

    anyio.run(main)


def test_one_connection_serves_many_tasks_and_can_be_opened_again(tmp_path: Path) -> None:
    async def main() -> None:
        client = CortexClient(db=tmp_path / "m.db")
        for _ in range(2):
            async with client, anyio.create_task_group() as tasks:
                for number in range(10):
                    tasks.start_soon(remember, client, f"note {number}")
        assert len(await client.export_memories()) == 20

    async def remember(client: CortexClient, title: str) -> None:
        await client.remember(title=title, content="c", category="note")

    anyio.run(main)


@settings(max_examples=150, deadline=None)
@given(title=any_text, content=any_text, query=any_text)
def test_what_is_remembered_is_exported_exactly_and_found_by_its_words(title: str, content: str, query: str) -> None:
    async def main(db: Path) -> None:
        async with CortexClient(db=db) as client:
            assert await client.remember(title=title, content=content, category="note") == 1
            (stored,) = await client.export_memories()
            assert stored["title"] == well_formed(title)
            assert stored["content"] == well_formed(content)
            assert len(await client.recall(query)) <= 1
            for words in (title, content, f"{title} {content}", *title.split(), *content.split()):
                assert len(await client.recall(words)) == 1, words

    with TemporaryDirectory() as folder:
        anyio.run(main, Path(folder, "m.db"))


def well_formed(text: str) -> str:
    """Halves of surrogate pairs are no characters."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("unit", ["word ", "x", "é", "🎉", "a,b.", "\x00", "漢字"])
def test_a_megabyte_is_exported_exactly_and_found_by_its_words(tmp_path: Path, unit: str) -> None:
    content = unit * (1_048_576 // len(unit.encode()))

    async def main() -> None:
        async with CortexClient(db=tmp_path / "m.db") as client:
            with anyio.fail_after(4):
                await client.remember(title="big", content=content, category="note")
            (row,) = await client.export_memories()
            assert row["content"] == content
            with anyio.fail_after(4):
                assert len(await client.recall("big")) == 1
                assert len(await client.recall(content)) == 1

    anyio.run(main)


@pytest.mark.parametrize("mark", [*string.punctuation, "🎉"])
def test_a_memory_is_found_by_a_query_with_any_mark(tmp_path: Path, mark: str) -> None:
    async def main() -> None:
        async with CortexClient(db=tmp_path / "m.db") as client:
            await client.remember(title=f"half{mark}open interval", content="c", category="note")
            await client.remember(title="something else", content="c", category="note")
            for query in (f"half{mark}open", f"interval {mark}", f"{mark}", f'"interval" {mark}half'):
                found = await client.recall(query)
                assert len(found) == 1, query
                assert found[0].startswith("[1]")

    anyio.run(main)


def test_a_repeat_with_the_same_key_returns_the_first_id(tmp_path: Path) -> None:
    async def main() -> None:
        client = CortexClient(db=tmp_path / "m.db")
        first = await client.remember(title="a", content="c", category="note", metadata={"key": "k"})
        await client.remember(title="between", content="c", category="note")
        assert await client.remember(title="b", content="c", category="note", metadata={"key": "k"}) == first
        assert [row["title"] for row in await client.export_memories()] == ["a", "between"]

    anyio.run(main)


def test_equal_memories_without_a_key_are_all_stored(tmp_path: Path) -> None:
    async def main() -> None:
        client = CortexClient(db=tmp_path / "m.db")
        assert [await client.remember(title="same", content="c", category="custom") for _ in range(3)] == [1, 2, 3]

    anyio.run(main)


def test_two_clients_on_one_file_lose_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            CortexClient(db=tmp_path / "m.db") as one,
            CortexClient(db=tmp_path / "m.db") as two,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(fill, one)
            tasks.start_soon(fill, two)
        rows = await CortexClient(db=tmp_path / "m.db").export_memories()
        assert len({row["id"] for row in rows}) == 60

    async def fill(client: CortexClient) -> None:
        for number in range(30):
            await client.remember(title=f"note {number}", content="c", category="note")

    anyio.run(main)


def test_projects_are_apart_except_for_what_is_global(tmp_path: Path) -> None:
    async def main() -> None:
        here = CortexClient(db=tmp_path / "m.db", project="here")
        there = CortexClient(db=tmp_path / "m.db", project="there")
        await here.remember(title="private word", content="c", category="note")
        await here.remember(title="shared word", content="c", category="learning")
        await here.remember(title="kept word", content="c", category="learning", scope="project")
        (found,) = await there.recall("word")
        assert "shared word" in found
        assert await there.export_memories() == []

    anyio.run(main)


def test_a_content_of_more_than_a_megabyte_is_cut_at_a_character(tmp_path: Path) -> None:
    async def main() -> None:
        client = CortexClient(db=tmp_path / "m.db")
        await client.remember(title="big", content="x" + "é" * 600_000, category="note")
        (row,) = await client.export_memories()
        assert row["content"] == "x" + "é" * 524_287

    anyio.run(main)


def test_every_method_does_what_its_name_says(tmp_path: Path) -> None:
    async def main() -> None:
        async with CortexClient(db=tmp_path / "m.db") as client:
            for title in ("one", "two", "three"):
                await client.remember(title=title, content=f"content of {title}", category="todo")
            session = await client.start_session()
            assert (await client.get_memory(2))["content"] == "content of two"
            await client.link_memories(1, 2, "extends", 0.8)
            assert "**two** (extends, 80% strength)" in await client.get_related(1)
            assert "- [ ] three" in await client.get_context()
            assert "content of one" in await client.get_context("one", "detailed")
            assert (await client.forget(query="content", dry_run=True)).startswith("Dry run: Would delete 3")
            assert (await client.forget(query="content")).startswith("Bulk delete blocked: 3")
            assert await client.forget(1) == "Deleted 1 memory:\n  - [1] one"
            assert await client.get_related(2) == "No related memories found."
            assert (await client.forget(category="todo", confirm=True)).startswith("Deleted 2 memories:")
            assert await client.import_memories([{"title": "t", "content": "c", "metadata": {"key": "k"}}]) == 1
            assert await client.import_memories([{"title": "t", "content": "c", "metadata": {"key": "k"}}]) == 0
            assert await client.consolidate(dry_run=True)
            assert (await client.end_session(session, "done")).startswith("Session ended.")
            found = counts(await client.memory_stats())
            assert (found["total"], found["short_term"], found["by_category"]) == (1, 1, {"note": 1})

    anyio.run(main)


@pytest.mark.parametrize(
    ("method", "arguments", "complaint"),
    [
        ("forget", [], "Say what to forget"),
        ("forget", [9], "ID 9 not found"),
        ("get_memory", [9], "ID 9 not found"),
        ("end_session", [9], "Session 9 not found"),
        ("link_memories", [1, 2, "extends"], "Failed to create link"),
        ("recall", ["word", 51], "limit must be between 1 and 50"),
        ("import_memories", [[{"title": "t"}]], "Memory 1 of the import: content is required"),
        ("get_memory", [2**70], "id is too large"),
    ],
)
def test_what_can_not_be_done_is_an_error_that_says_why(
    tmp_path: Path, method: str, arguments: list[Any], complaint: str
) -> None:
    with pytest.raises(CortexError, match=complaint):
        anyio.run(getattr(CortexClient(db=tmp_path / "m.db"), method), *arguments)


def test_a_memory_locked_by_another_process_can_still_be_searched(tmp_path: Path) -> None:
    async def main() -> None:
        async with CortexClient(db=tmp_path / "m.db") as client:
            await _remember(client)
            with closing(sqlite3.connect(tmp_path / "m.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                with anyio.fail_after(2):
                    assert len(await client.recall("t")) == 1
                    assert (await client.get_memory(1))["title"] == "t"

    anyio.run(main)


def test_a_project_of_a_star_is_everybodys(tmp_path: Path) -> None:
    async def main() -> None:
        await CortexClient(db=tmp_path / "m.db", project="one").remember(title="t", content="c")
        everybody = CortexClient(db=tmp_path / "m.db", project="*")
        assert len(await everybody.recall("t")) == 1
        assert len(await everybody.export_memories()) == 1

    anyio.run(main)


def test_an_unknown_category_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(CortexError, match="category must be one of architecture, "):
        anyio.run(_remember, CortexClient(db=tmp_path / "m.db"), "gossip")


def test_a_file_that_is_no_memory_says_so_and_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "m.db").write_text("not a database, and long enough to tell" * 50)
    with pytest.raises(CortexError, match="CORTEX_DB"):
        anyio.run(_remember, CortexClient(db=tmp_path / "m.db"))


def test_a_missing_node_server_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(CortexError, match="CORTEX_PATH"):
        anyio.run(_remember, CortexClient(tmp_path / "index.js"))


def test_a_memory_locked_by_another_process_is_an_error_in_time(tmp_path: Path) -> None:
    async def main() -> None:
        async with CortexClient(db=tmp_path / "m.db") as client:
            other = sqlite3.connect(tmp_path / "m.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with anyio.fail_after(8), pytest.raises(CortexError, match="locked"):
                await _remember(client)
            other.execute("ROLLBACK")
            other.close()
            assert await _remember(client) == 1

    anyio.run(main)


def test_the_file_is_where_settings_say_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    anyio.run(_remember, CortexClient())
    assert (tmp_path / ".claude-cortex" / "koderz.db").is_file()


async def _remember(client: CortexClient, category: str = "note") -> int:
    return await client.remember(title="t", content="c", category=category)
