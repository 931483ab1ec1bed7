"""`koderz mcp`: experiments for an assistant."""

from __future__ import annotations

import click


@click.command("mcp")
@click.option("--allow-runs", is_flag=True, help="Also let it start experiments, each within a budget.")
def command(allow_runs: bool) -> None:
    """Be an MCP server over standard input and output: list, search, read and compare experiments.

    It only reads, unless --allow-runs is given. For notes and lessons see `koderz memory serve`.
    """
    import signal

    import anyio

    from koderz.app import App
    from koderz.mcp.server import build_server

    # Whoever started it ends it by a signal; it has nothing to finish.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(build_server(App(), allow_runs=allow_runs).run_stdio_async)
