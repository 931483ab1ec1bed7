"""`koderz models`: what can be used, and getting local ones."""

from __future__ import annotations

import click

from koderz.commands.options import json_option


@click.group("models")
def command() -> None:
    """List reachable models, pull local ones."""


@command.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """Known and installed models with tier, price and whether they can be used now."""
    import anyio
    from rich.table import Table

    from koderz.app import App
    from koderz.commands.console import console, print_json

    rows = anyio.run(App().known_models)
    if as_json:
        print_json(rows)
        return
    table = Table("Model", "Tier", box=None)
    table.add_column("Context", justify="right")
    table.add_column("USD per million tokens in/out", justify="right")
    table.add_column("Prices of")
    table.add_column("Now")
    for row in rows:
        context = f"{row['context']:,}" if row["context"] else "?"
        state = "ready" if row["problem"] is None else str(row["problem"])
        table.add_row(row["name"], row["tier"], context, row["price"], row["price_source"], state)
    console().print(table)


@command.command("pull")
@click.argument("name")
def pull(name: str) -> None:
    """Fetch a local model: embedded/NAME, or any model of Ollama."""
    import anyio

    from koderz.app import App
    from koderz.commands.console import FetchBar, console

    out = console()
    where = anyio.run(App().pull, name, FetchBar(out))
    out.print(f"{name} is ready{f' ({where})' if where else ''}.", style="green", soft_wrap=True)
