"""`koderz resume`: go on where an experiment stopped."""

from __future__ import annotations

from pathlib import Path

import click

from koderz.commands.options import json_option


@click.command("resume")
@click.argument("experiment")
@click.option("--debug", is_flag=True, help="Keep raw answers, code and results as files.")
@click.option("--debug-dir", type=click.Path(path_type=Path), default=Path("debug"), show_default=True)
@json_option
@click.pass_context
def command(ctx: click.Context, experiment: str, debug: bool, debug_dir: Path, as_json: bool) -> None:
    """Go on where EXPERIMENT stopped. What is recorded is neither asked nor paid for again.

    Exit code 0 when solved, 1 when not.
    """
    import anyio

    from koderz.app import App
    from koderz.commands.running import Output, run_again

    output = Output(as_json, debug_dir if debug else None)
    code = anyio.run(run_again, App(), experiment, output)
    ctx.exit(code)
