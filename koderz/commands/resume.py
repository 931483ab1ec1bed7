"""`koderz resume`: go on where an experiment stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from koderz.commands.options import config_option, json_option


@click.command("resume")
@click.argument("experiment")
@click.option("--debug", is_flag=True, help="Keep raw answers, code and results as files.")
@click.option("--debug-dir", type=click.Path(path_type=Path), default=Path("debug"), show_default=True)
@config_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, experiment: str, debug: bool, debug_dir: Path, **how: Any) -> None:
    """Go on where EXPERIMENT stopped. What is recorded is neither asked nor paid for again.

    Exit code 0 when solved, 1 when not.
    """
    import anyio

    from koderz.app import App
    from koderz.commands.running import Output, run_again

    output = Output(how["as_json"], debug_dir if debug else None)
    code = anyio.run(run_again, App(config_file=how["config_file"]), experiment, output)
    ctx.exit(code)
