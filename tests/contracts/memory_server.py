"""What every memory server must do. A suite: subclass it with `connect`."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp_types import TextContent, TextResourceContents

from koderz.cortex.arguments import tool_facts
from tests.contracts.memory_talk import RECORD, Talk, note, number, rows_of, said, titles

EXPORTED = {
    *("id", "type", "category", "title", "content", "project", "tags", "salience", "decayed_score", "access_count"),
    *("last_accessed", "created_at", "metadata", "scope", "transferable", "embedding", "embedding_model"),
}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("remember", {"title": "t"}, "content"),
    ("remember", {"title": 5, "content": "c"}, "title"),
    ("remember", {"title": "t", "content": "c", "importance": "medium"}, "importance"),
    ("remember", {"title": "t", "content": "c", "category": "gossip"}, "category"),
    ("remember", {"title": "t", "content": "c", "tags": ["a", 1]}, "tags"),
    ("recall", {"limit": 51}, "limit"),
    ("recall", {"limit": "5"}, "limit"),
    ("recall", {"mode": "sometimes"}, "mode"),
    ("forget", {"belowSalience": 2}, "belowSalience"),
    ("link_memories", {"sourceId": 1, "targetId": 2, "relationship": "likes"}, "relationship"),
    ("end_session", {}, "sessionId"),
    ("sing", {}, "sing"),
]


def _rules(schema: Any) -> Any:
    """A schema without what is said to people."""
    if not isinstance(schema, dict):
        return schema
    told = {"$schema", "description"} if "type" in schema else set()
    return {name: _rules(value) for name, value in schema.items() if name not in told}


class MemoryServerContract(Talk):
    def test_it_lists_the_fifteen_tools_with_their_schemas(self, tmp_path: Path) -> None:
        async def schemas(client: Client) -> dict[str, Any]:
            return {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}

        listed = self.session(tmp_path / "m.db", schemas)
        assert len(listed) == 15
        assert _rules(listed) == _rules({name: facts["inputSchema"] for name, facts in tool_facts().items()})

    def test_it_offers_three_resources_and_two_prompts(self, tmp_path: Path) -> None:
        async def work(client: Client) -> None:
            await client.call_tool(*note("a decision", "what was decided", category="architecture", importance="high"))
            resources = {str(found.uri) for found in (await client.list_resources()).resources}
            assert resources == {"memory://context", "memory://important", "memory://recent"}
            for uri in resources:
                (page,) = (await client.read_resource(uri)).contents
                assert isinstance(page, TextResourceContents)
                assert page.mime_type == "text/markdown"
                assert "a decision" in page.text
            prompts = {found.name for found in (await client.list_prompts()).prompts}
            assert prompts == {"restore_context", "search_memory"}
            (message,) = (await client.get_prompt("restore_context")).messages
            assert isinstance(message.content, TextContent)
            assert "a decision" in message.content.text

        self.session(tmp_path / "m.db", work)

    def test_an_unknown_resource_or_prompt_is_an_error(self, tmp_path: Path) -> None:
        async def work(client: Client) -> None:
            with pytest.raises(MCPError):
                await client.read_resource("memory://nowhere")
            with pytest.raises(MCPError):
                await client.get_prompt("sing")

        self.session(tmp_path / "m.db", work)

    def test_an_acknowledgement_has_title_id_type_category_and_salience(self, tmp_path: Path) -> None:
        (result,) = self.talk(tmp_path / "m.db", note("Title kz1", importance="high", type="long_term"))
        assert said(result).splitlines()[:5] == [
            'Remembered: "Title kz1"',
            "  ID: 1",
            "  Type: long_term",
            "  Category: custom",
            "  Salience: 80%",
        ]

    def test_what_is_left_out_is_inferred(self, tmp_path: Path) -> None:
        *_, exported = self.talk(
            tmp_path / "m.db",
            ("remember", {"title": "an error", "content": "the bug was fixed #parser"}),
            ("export_memories", {}),
        )
        (row,) = rows_of(exported)
        assert row["category"] == "error"
        assert 0 < row["salience"] <= 1
        assert row["type"] in ("short_term", "long_term")
        assert "parser" in json.loads(row["tags"])

    def test_recall_shows_records_with_two_hundred_characters_of_content(self, tmp_path: Path) -> None:
        *_, found, nothing = self.talk(
            tmp_path / "m.db",
            note("zebra kz1", "x" * 300, tags=["a", "b"]),
            note("yak kz2"),
            ("recall", {"query": "zebra"}),
            ("recall", {"query": "unicorn"}),
        )
        head, _, record = said(found).partition("\n")
        assert head == "Found 1 memory:"
        shown = RECORD.fullmatch(record.rstrip())
        assert shown
        assert shown.groupdict() == {
            "title": "zebra kz1",
            "preview": "x" * 200 + "...",
            "tags": "a, b",
            "project": "mine",
        }
        assert said(nothing) == "No memories found matching your query."

    @pytest.mark.parametrize("query", ["exp_ab12cd34", "HumanEval/0", "iterations loop", "exp_ab12cd34 loop"])
    def test_an_experiment_is_found_by_ids_and_words(self, tmp_path: Path, query: str) -> None:
        title = "Koderz iteration 3 of exp_ab12cd34 HumanEval/0 kz0"
        *_, found = self.talk(
            tmp_path / "m.db",
            note(title, "failed in the loop"),
            note("Koderz spec of exp_99999999 HumanEval/1 kz1"),
            ("recall", {"query": query}),
        )
        assert titles(found) == {title}

    def test_recall_filters_by_category_type_and_any_tag(self, tmp_path: Path) -> None:
        *_, category, kind, tag, both = self.talk(
            tmp_path / "m.db",
            note("one word", category="error", tags=["a", "b"]),
            note("two word", type="long_term", tags=["c"]),
            note("three word", tags=["ab"]),
            ("recall", {"query": "word", "category": "error"}),
            ("recall", {"query": "word", "type": "long_term"}),
            ("recall", {"query": "word", "tags": ["b", "c"]}),
            ("recall", {"query": "word", "limit": 2}),
        )
        assert titles(category) == {"one word"}
        assert titles(kind) == {"two word"}
        assert titles(tag) == {"one word", "two word"}
        assert said(both).startswith("Found 2 memories:\n[")

    def test_projects_are_apart_unless_a_star_asks_for_all(self, tmp_path: Path) -> None:
        *_, mine, blank, theirs, everybodys, local = self.talk(
            tmp_path / "m.db",
            note("my word"),
            note("their word", project="theirs/x"),
            note("shared word", project="theirs/x", scope="global"),
            ("recall", {"query": "word"}),
            ("recall", {"query": "word", "project": " "}),
            ("recall", {"query": "word", "project": "theirs/x"}),
            ("recall", {"query": "word", "project": "*"}),
            ("recall", {"query": "word", "includeGlobal": False}),
        )
        assert titles(mine) == titles(blank) == {"my word", "shared word"}
        assert titles(theirs) == {"their word", "shared word"}
        assert titles(everybodys) == {"my word", "their word", "shared word"}
        assert titles(local) == {"my word"}

    def test_the_active_project_can_be_told_and_changed(self, tmp_path: Path) -> None:
        first, changed, second, widened, third = self.talk(
            tmp_path / "m.db",
            ("get_project", {}),
            ("set_project", {"project": "other"}),
            ("get_project", {}),
            ("set_project", {"project": "*"}),
            ("get_project", {}),
        )
        assert re.match(
            r"\*\*Current Project:\*\* mine\n\*\*Detection Source:\*\* \w+\n\*\*Scope:\*\* .+$", said(first)
        )
        assert said(changed) == "Project context changed: mine -> other"
        assert said(second).startswith("**Current Project:** other\n")
        assert said(widened) == "Project context changed: other -> global"
        assert said(third).startswith("**Current Project:** global (all projects)\n")

    def test_a_memory_is_shown_by_its_id(self, tmp_path: Path) -> None:
        *_, shown, missing = self.talk(
            tmp_path / "m.db", note("Title kz1"), ("get_memory", {"id": 1}), ("get_memory", {"id": 99})
        )
        assert RECORD.fullmatch(said(shown))
        assert said(missing).startswith("Error: Memory with ID 99 not found\n")

    def test_an_export_has_everything_and_can_be_imported(self, tmp_path: Path) -> None:
        metadata = {"key": "k", "payload": {"text": "ü" * 50_000, "n": 2**53}}
        *_, exported = self.talk(
            tmp_path / "m.db",
            note("first kz1", "c" * 10_000, tags=["a"], metadata=metadata, importance="critical"),
            note("second kz2", type="long_term"),
            ("export_memories", {}),
        )
        rows = rows_of(exported)
        assert [row["title"] for row in rows] == ["first kz1", "second kz2"]
        assert set(rows[0]) == EXPORTED
        assert rows[0]["content"] == "c" * 10_000
        assert json.loads(rows[0]["metadata"]) == metadata
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[0]["created_at"])
        (imported,) = self.talk(tmp_path / "new.db", ("import_memories", {"data": json.dumps(rows)}))
        assert said(imported) == "Imported 2 memories."
        same = ("type", "category", "title", "content", "tags", "salience", "metadata", "project")
        assert [[row[name] for name in same] for row in self.exported(tmp_path / "new.db")] == [
            [row[name] for name in same] for row in rows
        ]

    def test_bad_json_is_not_imported(self, tmp_path: Path) -> None:
        (result,) = self.talk(tmp_path / "m.db", ("import_memories", {"data": "{"}))
        assert said(result).startswith("Error: ")

    def test_one_memory_is_forgotten_at_once_and_several_when_confirmed(self, tmp_path: Path) -> None:
        alpha = {"query": "alpha"}
        *_, one, preview, blocked, left, deleted, none, missing = self.talk(
            tmp_path / "m.db",
            *(note(f"alpha {number} kz{number}") for number in range(3)),
            ("forget", {"id": 1}),
            ("forget", {**alpha, "dryRun": True}),
            ("forget", alpha),
            ("export_memories", {}),
            ("forget", {**alpha, "confirm": True}),
            ("forget", alpha),
            ("forget", {"id": 99}),
        )
        lines = "\n  - [2] alpha 1 kz1\n  - [3] alpha 2 kz2"
        assert said(one) == "Deleted 1 memory:\n  - [1] alpha 0 kz0"
        assert said(preview).rstrip() == f"Dry run: Would delete 2 memories:{lines}"
        assert said(blocked).startswith("Bulk delete blocked: 2 memories would be deleted\n")
        assert said(blocked).rstrip().endswith(lines)
        assert len(rows_of(left)) == 2
        assert said(deleted) == f"Deleted 2 memories:{lines}"
        assert said(none) == "No memories matched the deletion criteria."
        assert said(missing).startswith("Failed to forget: Memory with ID 99 not found")

    def test_forgetting_needs_all_criteria_and_stays_in_the_project(self, tmp_path: Path) -> None:
        *_, chosen, left = self.talk(
            tmp_path / "m.db",
            note("one kz1", category="todo", importance="low"),
            note("two kz2", category="todo", importance="high"),
            note("three kz3", category="error", importance="low"),
            note("four kz4", category="todo", importance="low", project="theirs"),
            ("forget", {"category": "todo", "belowSalience": 0.5, "confirm": True}),
            ("export_memories", {"project": "*"}),
        )
        assert said(chosen) == "Deleted 1 memory:\n  - [1] one kz1"
        assert [row["id"] for row in rows_of(left)] == [2, 3, 4]

    def test_links_are_listed_from_both_ends(self, tmp_path: Path) -> None:
        link = {"sourceId": 1, "targetId": 2, "relationship": "extends", "strength": 0.8}
        *_, alone, linked, again, dangling, source, target = self.talk(
            tmp_path / "m.db",
            note("zebra kz1", "stripes", importance="normal"),
            note("umbrella kz2", "rain", importance="normal"),
            ("get_related", {"id": 1}),
            ("link_memories", link),
            ("link_memories", link),
            ("link_memories", {**link, "targetId": 99}),
            ("get_related", {"id": 1}),
            ("get_related", {"id": 2}),
        )
        assert said(alone) == "No related memories found."
        assert said(linked) == "Linked memory 1 -> 2 (extends)"
        for refused in (again, dangling):
            assert said(refused).startswith("Failed to create link.")
        line = "{} **{}** (extends, 80% strength)\n  ID: {} | custom | 50% salience"
        assert said(source) == "## Related Memories for ID 1\n\n" + line.format("->", "umbrella kz2", 2)
        assert said(target) == "## Related Memories for ID 2\n\n" + line.format("<-", "zebra kz1", 1)

    def test_what_shares_a_tag_is_related(self, tmp_path: Path) -> None:
        *_, related = self.talk(
            tmp_path / "m.db",
            note("zebra kz1", "stripes", tags=["exp_1"]),
            note("umbrella kz2", "rain", tags=["exp_1"]),
            ("get_related", {"id": 2}),
        )
        assert re.match(
            r"## Related Memories for ID 2\n\n-> \*\*zebra kz1\*\* \(related, \d+% strength\)", said(related)
        )

    def test_a_session_begins_with_the_context_and_ends(self, tmp_path: Path) -> None:
        *_, started, second, ended = self.talk(
            tmp_path / "m.db",
            note("a decision", category="architecture", importance="high"),
            ("start_session", {}),
            ("start_session", {"project": "theirs"}),
            ("end_session", {"sessionId": 1, "summary": "done"}),
        )
        assert re.match(r"Session 1 started\.\n\n## Project: mine\n[\s\S]*a decision", said(started))
        assert said(second).startswith("Session 2 started.")
        form = r"Session ended\. Consolidation: \d+ promoted, \d+ decayed, \d+ deleted\."
        assert re.fullmatch(form, said(ended))

    def test_consolidation_tells_numbers_and_a_dry_run_what_it_would_do(self, tmp_path: Path) -> None:
        done, preview = self.talk(tmp_path / "m.db", ("consolidate", {}), ("consolidate", {"dryRun": True}))
        assert said(done) == "Consolidation: 0 promoted, 0 updated, 0 deleted."
        assert "Would promote: 0 memories\nWould delete: 0 memories" in said(preview)

    def test_statistics_count_types_and_categories(self, tmp_path: Path) -> None:
        *_, stats = self.talk(
            tmp_path / "m.db",
            note("one kz1", importance="high"),
            note("two kz2", type="long_term", category="error", importance="low"),
            note("three kz3", project="theirs"),
            ("memory_stats", {}),
        )
        assert said(stats).splitlines() == [
            "## Memory Statistics",
            "",
            "Total memories: 2",
            "  - Short-term: 0",
            "  - Long-term: 1",
            "  - Episodic: 1",
            "",
            "Average salience: 55.0%",
            "",
            "### By Category",
            "  - custom: 1",
            "  - error: 1",
        ]

    def test_the_context_is_a_summary_a_full_text_or_data(self, tmp_path: Path) -> None:
        *_, summary, detailed, raw = self.talk(
            tmp_path / "m.db",
            note("a decision", "d" * 300, category="architecture", importance="high", tags=["t"]),
            note("a task", category="todo"),
            ("get_context", {}),
            ("get_context", {"format": "detailed"}),
            ("get_context", {"format": "raw", "query": "decision"}),
        )
        assert said(summary).startswith("## Project: mine\n\n### Key Decisions\n- **a decision**: " + "d" * 100 + "...")
        assert "### Pending Items\n- [ ] " in said(summary)
        assert "d" * 300 in said(detailed)
        data = json.loads(said(raw))
        assert set(data) == {"summary", "relevantMemories"}
        assert [found["title"] for found in data["summary"]["keyDecisions"]] == ["a decision"]
        (relevant,) = data["relevantMemories"]
        assert (relevant["content"], relevant["tags"], relevant["accessCount"]) == ("d" * 300, ["t"], 0)

    @pytest.mark.parametrize(("name", "arguments", "named"), WRONG)
    def test_a_wrong_call_is_an_error_that_names_the_fault(
        self, tmp_path: Path, name: str, arguments: dict[str, Any], named: str
    ) -> None:
        (result,) = self.talk(tmp_path / "m.db", (name, arguments))
        assert result.is_error
        assert named in said(result)

    def test_unknown_arguments_are_dropped(self, tmp_path: Path) -> None:
        (result,) = self.talk(tmp_path / "m.db", note("Title kz1", colour="red"))
        assert number(result) == 1

    def test_fifty_memories_at_a_time_are_all_stored(self, tmp_path: Path) -> None:
        async def work(client: Client) -> None:
            async with anyio.create_task_group() as tasks:
                for place in range(50):
                    tasks.start_soon(client.call_tool, *note(f"note {place} kz{place:04x}"))

        self.session(tmp_path / "m.db", work)
        assert len({row["title"] for row in self.exported(tmp_path / "m.db")}) == 50

    def test_the_file_is_a_searchable_database_in_good_order(self, tmp_path: Path) -> None:
        self.talk(tmp_path / "m.db", note("Binary search kz1"), note("Bubble sort kz2"), ("forget", {"id": 2}))
        db = sqlite3.connect(tmp_path / "m.db")
        db.execute("INSERT INTO memories_fts (memories_fts) VALUES ('integrity-check')")
        assert db.execute("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'searching'").fetchall() == [(1,)]
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        db.close()
