"""What a solution may take for granted because its prompt has it: imports and helper functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from koderz.utils.source import bindings, parse, parses

_IMPORT = (ast.Import, ast.ImportFrom)


def with_prompt_context(code: str, prompt: str, entry_point: str) -> str:
    """The code with those imports and helpers of the prompt in front that it lacks.

    Helpers are what the prompt defines before the entry point. They are found by parsing, since prose in a
    docstring can begin with "from". `from __future__` stays first; code that doesn't parse comes back unchanged.
    """
    try:
        tree, context = parse(code), parse(prompt)
    except SyntaxError:
        return code
    present = {name for statement in tree.body for name in _names(statement)}
    lacking = [s for s in _context(context.body, entry_point) if not set(_names(s)) <= present]
    if not lacking:
        return code
    lacking.sort(key=lambda statement: not _is_future(statement))
    head = max((s.end_lineno or 0 for s in tree.body if _is_future(s)), default=0)
    lines = code.split("\n")
    joined = "\n".join([*lines[:head], *(_source(s, prompt) for s in lacking), "", "", *lines[head:]])
    return joined if parses(joined) else code


def _context(body: list[ast.stmt], entry_point: str) -> Iterator[ast.stmt]:
    """Imports anywhere at the top level; helpers only before the target, and none where there is no target."""
    target = next((i for i, s in enumerate(body) if entry_point in bindings(s)), 0)
    for index, statement in enumerate(body):
        if isinstance(statement, _IMPORT) or (index < target and any(bindings(statement))):
            yield statement


def _names(statement: ast.stmt) -> Iterator[str]:
    """What a statement makes available. A future import counts by its module, as it binds nothing that is used."""
    if isinstance(statement, _IMPORT):
        module = "__future__." if _is_future(statement) else ""
        for alias in statement.names:
            yield module + (alias.asname or alias.name.partition(".")[0])
    else:
        yield from bindings(statement)


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _source(statement: ast.stmt, prompt: str) -> str:
    if isinstance(statement, _IMPORT):
        return ast.unparse(statement)
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n" + "\n".join(prompt.split("\n")[first - 1 : statement.end_lineno]) + "\n"
