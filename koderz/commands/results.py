"""`koderz results`: recorded experiments."""

from __future__ import annotations

import click

from koderz.commands.options import json_option


@click.command("results")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="0 for all.")
@click.option("--problem", help="Only this problem.")
@click.option("--success-only", is_flag=True, help="Only solved ones.")
@json_option
def command(limit: int, problem: str | None, success_only: bool, as_json: bool) -> None:
    """List recorded experiments, newest first."""
    from rich.table import Table

    from koderz.app import App
    from koderz.commands.console import console, money, print_json
    from koderz.utils import codec

    rows = App().store.experiments(limit or None, problem, success_only)
    if as_json:
        print_json([codec.plain(row) for row in rows])
        return
    out = console()
    if not rows:
        out.print("No experiment is recorded yet. Start one with `koderz run --problem-id HumanEval/0`.")
        return
    table = Table("Experiment", "Started", "Problem", "Strategy", "Coder", "Outcome", box=None)
    for name in ("Attempts", "Cost", "Seconds"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.id,
            f"{row.started_at:%Y-%m-%d %H:%M}",
            row.problem_id,
            row.strategy,
            row.models.get("coder", ""),
            "unfinished" if row.stop is None else "solved" if row.solved else row.stop,
            "" if row.attempts is None else str(row.attempts),
            "" if row.stop is None else money(row.cost),
            "" if row.seconds is None else f"{row.seconds:.1f}",
        )
    out.print(table)
