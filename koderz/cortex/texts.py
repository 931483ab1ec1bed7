"""How the server's answers read: the text that people and assistants see. Programs read the structured content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from koderz.cortex.tables import Row

PREVIEW = 200


def remembered(row: Row, *, stored: bool, truncated: bool) -> str:
    lines = [
        f'Remembered: "{row["title"]}"',
        f"  ID: {row['id']}",
        f"  Type: {row['type']}",
        f"  Category: {row['category']}",
        f"  Salience: {row['salience']:.0%}",
        f"  Reason: {'stored' if stored else 'already stored under this key'}",
    ]
    if truncated:
        lines.append("  WARNING: Content truncated to 1 MB")
    return "\n".join(lines)


def recalled(rows: list[Row]) -> str:
    if not rows:
        return "No memories found matching your query."
    noun = "memory" if len(rows) == 1 else "memories"
    return f"Found {len(rows)} {noun}:\n" + "\n\n".join(map(memory, rows))


def memory(row: Row) -> str:
    content = row["content"]
    tags = ", ".join(json.loads(row["tags"]))
    lines = [
        f"[{row['id']}] **{row['title']}**",
        f"    {content[:PREVIEW]}{'...' if len(content) > PREVIEW else ''}",
        f"    Type: {row['type']} | Category: {row['category']}",
        f"    Salience: {row['salience']:.0%} | Accessed: {row['access_count']}x",
        f"    Last access: {_ago(row['last_accessed'])}",
        f"    Tags: {tags}" if tags else "",
        f"    Project: {row['project']}" if row["project"] else "",
    ]
    return "\n".join(line for line in lines if line)


def _ago(moment: str) -> str:
    then = datetime.fromisoformat(moment)
    seconds = (datetime.now(UTC) - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds()
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= length:
            return f"{seconds // length:.0f}{unit} ago"
    return "just now"


def statistics(counts: Mapping[str, Any]) -> str:
    mean = counts["average_salience"]
    types = counts["by_type"]
    lines = [
        "## Memory Statistics",
        "",
        f"Total memories: {counts['total']}",
        f"  - Short-term: {types.get('short_term', 0)}",
        f"  - Long-term: {types.get('long_term', 0)}",
        f"  - Episodic: {types.get('episodic', 0)}",
        "",
        f"Average salience: {'unknown' if mean is None else f'{mean:.1%}'}",
        "",
        "### By Category",
        *(f"  - {category}: {count}" for category, count in counts["by_category"].items()),
    ]
    return "\n".join(lines)


def exported(rows: list[Row]) -> str:
    return f"Exported {len(rows)} memories:\n\n{json.dumps(rows, ensure_ascii=False, default=repr)}"
