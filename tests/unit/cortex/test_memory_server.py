"""The embedded server as an MCP client sees it."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp_types import CallToolResult, TextContent

from koderz.cortex.search import RANKED
from koderz.cortex.server import build_server

ANYTHING = {"title": "t", "content": "c", "id": 1, "sessionId": 1, "data": "[]", "project": "*", "dryRun": True} | {
    "sourceId": 1,
    "targetId": 1,
    "relationship": "extends",
}
"""Arguments that fit every tool, one after the other."""


def call(path: Path, *calls: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
    async def main() -> list[CallToolResult]:
        async with Client(build_server(path, "koderz"), mode="legacy") as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return anyio.run(main)


def text(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def note(title: str, **extras: Any) -> tuple[str, dict[str, Any]]:
    return "remember", {"title": title, "content": "c", **extras}


def test_every_listed_tool_answers(tmp_path: Path) -> None:
    async def main() -> None:
        async with Client(build_server(tmp_path / "m.db", "koderz"), mode="legacy") as client:
            tools = (await client.list_tools()).tools
            assert len(tools) == 15
            for tool in tools:
                result = await client.call_tool(tool.name, ANYTHING)
                assert not result.is_error, text(result)
                assert result.structured_content is not None, tool.name
                assert tool.description

    anyio.run(main)


def test_an_acknowledgement_has_the_form_that_clients_parse(tmp_path: Path) -> None:
    (result,) = call(tmp_path / "m.db", note("Title", category="custom", importance="high"))
    assert text(result).splitlines()[:5] == [
        'Remembered: "Title"',
        "  ID: 1",
        "  Type: long_term",
        "  Category: custom",
        "  Salience: 80%",
    ]
    assert result.structured_content == {"id": 1, "stored": True, "truncated": False}


def test_a_repeat_is_told_in_text_and_structure(tmp_path: Path) -> None:
    keyed = note("Title", metadata={"key": "k"})
    first, again = call(tmp_path / "m.db", keyed, keyed)
    assert first.structured_content == {"id": 1, "stored": True, "truncated": False}
    assert again.structured_content == {"id": 1, "stored": False, "truncated": False}
    assert "already stored" in text(again)


@pytest.mark.parametrize(
    ("name", "arguments", "complaint"),
    [
        ("remember", {"title": "t"}, "content is required"),
        ("remember", {"title": 5, "content": "c"}, "title must be of type string"),
        ("remember", {"title": "t", "content": "c", "importance": "medium"}, "importance must be one of low, "),
        ("remember", {"title": "t", "content": "c", "tags": ["a", 1]}, "each of tags must be of type string"),
        ("recall", {"limit": 51}, "limit must be between 1 and 50"),
        ("recall", {"limit": True}, "limit must be of type number"),
        ("get_memory", {"id": 99}, "Memory with ID 99 not found"),
        ("sing", {}, "Tool sing not found"),
    ],
)
def test_a_wrong_call_is_an_error_that_names_the_fault(
    tmp_path: Path, name: str, arguments: dict[str, Any], complaint: str
) -> None:
    (result,) = call(tmp_path / "m.db", (name, arguments))
    assert result.is_error
    assert complaint in text(result)


def test_recall_filters_by_category_type_and_any_tag(tmp_path: Path) -> None:
    *_, by_category, by_type, by_tag, all_of_them = call(
        tmp_path / "m.db",
        note("one word", category="error", tags=["a", "b"]),
        note("two word", type="episodic", tags=["c"]),
        note("three word", tags=["ab"]),
        ("recall", {"query": "word", "category": "error"}),
        ("recall", {"query": "word", "type": "episodic"}),
        ("recall", {"query": "word", "tags": ["b", "c"]}),
        ("recall", {}),
    )
    assert _ids(by_category) == {1}
    assert _ids(by_type) == {2}
    assert _ids(by_tag) == {1, 2}
    assert _ids(all_of_them) == {1, 2, 3}
    assert text(all_of_them).startswith("Found 3 memories:\n[")
    assert text(by_category).startswith("Found 1 memory:\n[1] **one word**\n")


def test_recent_and_important_ignore_the_query(tmp_path: Path) -> None:
    *_, recent, important = call(
        tmp_path / "m.db",
        note("first", importance="critical"),
        note("second", importance="low"),
        ("recall", {"query": "absent", "mode": "recent", "limit": 1}),
        ("recall", {"query": "absent", "mode": "important"}),
    )
    assert _ids(recent) == {2}
    assert _ids(important) == {1}


def test_the_better_match_comes_first_however_salient_the_other(tmp_path: Path) -> None:
    *_, found = call(
        tmp_path / "m.db",
        note("palindrome palindrome"),
        ("remember", {"title": "x", "content": "words " * 300 + "palindrome", "importance": "critical"}),
        ("recall", {"query": "palindrome", "limit": 1}),
    )
    assert _ids(found) == {1}


def test_recall_counts_as_access(tmp_path: Path) -> None:
    *_, recalled, shown = call(
        tmp_path / "m.db", note("word"), ("recall", {"query": "word"}), ("get_memory", {"id": 1})
    )
    assert "Accessed: 1x\n    Last access: just now" in text(recalled)
    assert "Accessed: 2x" in text(shown)


def test_a_star_is_every_project(tmp_path: Path) -> None:
    *_, exported, counted = call(
        tmp_path / "m.db",
        note("mine"),
        note("theirs", project="theirs"),
        note("nobody's", project="*"),
        ("export_memories", {"project": "*"}),
        ("memory_stats", {"project": "theirs"}),
    )
    assert re.match(r"^Exported 3 memories:\n\n\[", text(exported))
    assert counted.structured_content is not None
    assert counted.structured_content["total"] == 1


def test_structured_content_has_the_whole_memory(tmp_path: Path) -> None:
    keyed = note("Title", content="c" * 5_000, metadata={"key": "k"}, tags=["a"])
    *_, shown, found, exported = call(
        tmp_path / "m.db", keyed, ("get_memory", {"id": 1}), ("recall", {"query": "title"}), ("export_memories", {})
    )
    assert shown.structured_content is not None
    assert shown.structured_content["content"] == "c" * 5_000
    assert shown.structured_content["metadata"] == '{"key": "k"}'
    assert shown.structured_content["text"] == text(shown)
    assert _ids(found) == {1}
    assert exported.structured_content == {"exported": 1}


def test_a_short_term_memory_that_nobody_reads_fades_and_comes_back_when_asked_for(tmp_path: Path) -> None:
    word = {"query": "word"}
    call(tmp_path / "m.db", note("word", type="short_term", importance="normal"))
    for days, expected in ((29, {1}), (31, set())):
        db = sqlite3.connect(tmp_path / "m.db")
        db.execute("UPDATE memories SET last_accessed = datetime('now', ?)", [f"-{days} days"])
        db.commit()
        db.close()
        (found,) = call(tmp_path / "m.db", ("recall", word))
        assert _ids(found) == expected
    anyway, again = call(tmp_path / "m.db", ("recall", {**word, "includeDecayed": True}), ("recall", word))
    assert _ids(anyway) == _ids(again) == {1}
    assert text(again).splitlines()[4] == "    Salience: 50% | Accessed: 3x"


def test_what_is_read_often_is_kept_for_long_when_tidying_up(tmp_path: Path) -> None:
    seen = ("get_memory", {"id": 1})
    notes = [note("read", type="short_term"), note("unread", type="short_term")]
    *_, preview, done, again, first, second = call(
        tmp_path / "m.db",
        *notes,
        *[seen] * 3,
        ("consolidate", {"dryRun": True}),
        ("consolidate", {}),
        ("consolidate", {}),
        seen,
        ("get_memory", {"id": 2}),
    )
    assert "Would promote: 1 memories\n  - read\n" in text(preview)
    assert text(done) == "Consolidation: 1 promoted, 0 updated, 0 deleted."
    assert text(again) == "Consolidation: 0 promoted, 0 updated, 0 deleted."
    assert "Type: long_term" in text(first)
    assert "Type: short_term" in text(second)


def test_more_matches_than_are_ranked_hide_nothing_from_a_filter(tmp_path: Path) -> None:
    rows = [{"title": f"word {place}", "content": "c", "category": "custom"} for place in range(RANKED + 500)]
    rows[3]["category"] = "error"
    *_, filtered, newest = call(
        tmp_path / "m.db",
        ("import_memories", {"data": json.dumps(rows)}),
        ("recall", {"query": "word", "category": "error"}),
        ("recall", {"query": "word", "limit": 50}),
    )
    assert _ids(filtered) == {4}
    assert len(_ids(newest)) == 50


def test_words_of_the_title_and_tags_count_as_those_of_the_content(tmp_path: Path) -> None:
    *_, found, by_odd_tag = call(
        tmp_path / "m.db",
        note("zebra", content="stripes", tags=["black & white", '"', "🎉"]),
        ("recall", {"query": "white stripes zebra"}),
        ("recall", {"tags": ['"', "🎉"]}),
    )
    assert _ids(found) == _ids(by_odd_tag) == {1}


def test_a_content_above_what_others_keep_is_told_and_one_above_the_limit_is_cut(tmp_path: Path) -> None:
    long, longer = call(tmp_path / "m.db", note("a", content="x" * 20_000), note("b", content="x" * 2_097_152))
    assert text(long).splitlines()[-1].startswith("  NOTE: All 19.5KB are kept")
    assert text(longer).splitlines()[-1] == "  WARNING: Content truncated from 2.0MB to 1.0MB (1MB limit)"
    assert longer.structured_content == {"id": 2, "stored": True, "truncated": True}


def test_of_nothing_the_mean_is_unknown(tmp_path: Path) -> None:
    (result,) = call(tmp_path / "m.db", ("memory_stats", {}))
    assert "Average salience: unknown" in text(result)


def test_the_file_can_be_searched_by_another_program(tmp_path: Path) -> None:
    call(tmp_path / "m.db", note("Binary search", metadata={"key": "k"}))
    db = sqlite3.connect(tmp_path / "m.db")
    db.execute("INSERT INTO memories_fts (memories_fts) VALUES ('integrity-check')")
    assert db.execute("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'searching'").fetchall() == [(1,)]
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    db.execute("UPDATE memories SET title = 'Linear scan' WHERE id = 1")
    assert db.execute("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'searching'").fetchall() == []
    db.execute("DELETE FROM memories")
    db.execute("INSERT INTO memories_fts (memories_fts) VALUES ('integrity-check')")
    db.close()


def _ids(result: CallToolResult) -> set[int]:
    assert result.structured_content is not None
    return {row["id"] for row in result.structured_content["memories"]}
