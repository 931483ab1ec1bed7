"""Ways in which a memory can go wrong without saying so. A suite: the embedded server must not, others may."""

from __future__ import annotations

import json
import sqlite3
import string
from contextlib import closing
from pathlib import Path

import pytest

from tests.contracts.memory_talk import Call, Talk, note, number, said, titles

MARKS = [*string.punctuation, "🎉", "\x00", "\x07", "\n", "\u202e"]


class MemoryHazards(Talk):
    def test_memories_with_similar_titles_are_all_stored(self, tmp_path: Path) -> None:
        calls: list[Call] = []
        for iteration in range(1, 21):
            text = f"def f(): return {iteration}  # 1 2 3 4 5 6 7 8 9 10"
            title = f"Experiment exp_ab12cd34 - Iteration {iteration}"
            calls.append(note(title, text, importance="critical", tags=["iteration", "exp_ab12cd34"]))
            if iteration % 5 == 0:
                calls.append(("recall", {"query": "exp_ab12cd34", "tags": ["iteration"]}))
        results = self.talk(tmp_path / "m.db", *calls)
        ids = [number(result) for call, result in zip(calls, results, strict=True) if call[0] == "remember"]
        assert len(set(ids)) == 20
        assert len(self.exported(tmp_path / "m.db")) == 20

    def test_three_hundred_ordinary_notes_stay(self, tmp_path: Path) -> None:
        calls = [note(f"note kz{place:012x}", importance="normal", type="short_term") for place in range(300)]
        self.talk(tmp_path / "m.db", *calls, ("consolidate", {}))
        assert len(self.exported(tmp_path / "m.db")) == 300

    def test_tidying_up_again_and_again_makes_nobody_forget(self, tmp_path: Path) -> None:
        notes = [note(f"note kz{place:012x}", type="short_term", importance="normal") for place in range(10)]
        self.talk(tmp_path / "m.db", *notes)
        self._age(tmp_path / "m.db", "-8 hours")
        self.talk(tmp_path / "m.db", *[("start_session", {}), *[("end_session", {"sessionId": 1})] * 20])
        assert [row["salience"] for row in self.exported(tmp_path / "m.db")] == [0.5] * 10

    def test_old_notes_are_still_there(self, tmp_path: Path) -> None:
        self.talk(tmp_path / "m.db", note("word", type="short_term", importance="low"))
        self._age(tmp_path / "m.db", "-200 days")
        self.talk(tmp_path / "m.db", ("consolidate", {"force": True}))
        (found,) = self.talk(tmp_path / "m.db", ("recall", {"query": "word", "includeDecayed": True}))
        assert titles(found) == {"word"}

    def test_old_records_of_experiments_are_still_found(self, tmp_path: Path) -> None:
        self.talk(tmp_path / "m.db", note("word of exp_1", type="episodic", importance="high"))
        self._age(tmp_path / "m.db", "-400 days")
        (found,) = self.talk(tmp_path / "m.db", ("recall", {"query": "exp_1"}))
        assert titles(found) == {"word of exp_1"}

    def _age(self, db: Path, by: str) -> None:
        with closing(sqlite3.connect(db)) as opened, opened:
            moments = "datetime(created_at, :by), datetime(last_accessed, :by)"
            opened.execute(f"UPDATE memories SET (created_at, last_accessed) = ({moments})", {"by": by})
            opened.execute("DELETE FROM metadata")

    def test_no_mark_in_a_title_or_a_query_makes_it_fail(self, tmp_path: Path) -> None:
        remembering = [note(f"half{mark}open kz{place}") for place, mark in enumerate(MARKS)]
        recalling = [("recall", {"query": f"{mark} half{mark}open kz{place}"}) for place, mark in enumerate(MARKS)]
        results = self.talk(tmp_path / "m.db", *remembering, *recalling)
        assert [said(result)[:60] for result in results if said(result).startswith("Failed")] == []
        for mark, found in zip(MARKS, results[len(MARKS) :], strict=True):
            assert f"half{mark}open" in said(found)

    def test_long_contents_are_kept(self, tmp_path: Path) -> None:
        self.talk(tmp_path / "m.db", note("long kz1", "🎉" * 10_000))
        assert self.exported(tmp_path / "m.db")[0]["content"] == "🎉" * 10_000

    def test_all_tags_are_kept_and_none_is_added(self, tmp_path: Path) -> None:
        tags = [f"tag_{place}" for place in range(14)]
        self.talk(tmp_path / "m.db", note("tags kz1", "a #comment on digits and draws", tags=tags))
        assert json.loads(self.exported(tmp_path / "m.db")[0]["tags"]) == tags

    def test_the_best_match_comes_first_however_important_the_others(self, tmp_path: Path) -> None:
        others = [
            note(f"other kz{place}", "words " * 300 + "palindrome", importance="critical", type="long_term")
            for place in range(5)
        ]
        asked = ("recall", {"query": "palindrome", "limit": 1})
        *_, found = self.talk(tmp_path / "m.db", note("palindrome", importance="low"), *others, asked)
        assert titles(found) == {"palindrome"}

    def test_a_shared_tag_does_not_stand_in_the_way_of_a_link(self, tmp_path: Path) -> None:
        *_, linked = self.talk(
            tmp_path / "m.db",
            note("one kz1", tags=["exp_1"]),
            note("two kz2", tags=["exp_1"]),
            ("link_memories", {"sourceId": 2, "targetId": 1, "relationship": "extends"}),
        )
        assert said(linked) == "Linked memory 2 -> 1 (extends)"

    def test_to_forget_without_a_criterion_is_refused(self, tmp_path: Path) -> None:
        *_, result = self.talk(tmp_path / "m.db", note("one kz1"), note("two kz2"), ("forget", {"confirm": True}))
        assert result.is_error
        assert len(self.exported(tmp_path / "m.db")) == 2

    @pytest.mark.parametrize(
        "call", [("get_memory", {"id": 99}), ("forget", {"id": 99}), ("end_session", {"sessionId": 99})]
    )
    def test_what_can_not_be_done_is_marked_as_an_error(self, tmp_path: Path, call: Call) -> None:
        (result,) = self.talk(tmp_path / "m.db", call)
        assert result.is_error
        assert "99" in said(result)

    def test_importing_twice_stores_what_has_a_key_once(self, tmp_path: Path) -> None:
        self.talk(tmp_path / "m.db", note("one kz1", metadata={"key": "k"}))
        data = json.dumps(self.exported(tmp_path / "m.db"))
        *_, imported = self.talk(tmp_path / "m.db", *[("import_memories", {"data": data})] * 2)
        assert said(imported) == "Imported 0 memories. 1 were here already."
        assert len(self.exported(tmp_path / "m.db")) == 1

    def test_tags_and_metadata_may_be_imported_as_what_they_are(self, tmp_path: Path) -> None:
        row = {"title": "t", "content": "c", "tags": ["a"], "metadata": {"n": 1}, "salience": 0}
        self.talk(tmp_path / "m.db", ("import_memories", {"data": json.dumps([row])}))
        (stored,) = self.exported(tmp_path / "m.db")
        assert (stored["tags"], stored["metadata"], stored["salience"]) == ('["a"]', '{"n": 1}', 0)

    def test_a_second_ending_keeps_the_summary_of_the_first(self, tmp_path: Path) -> None:
        ending = ("end_session", {"sessionId": 1})
        self.talk(
            tmp_path / "m.db", ("start_session", {}), ("end_session", {"sessionId": 1, "summary": "done"}), ending
        )
        with closing(sqlite3.connect(tmp_path / "m.db")) as db:
            assert db.execute("SELECT summary FROM sessions").fetchall() == [("done",)]
