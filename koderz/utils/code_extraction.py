"""From a model's answer to the code in it. Every answer yields something; `Extraction.how` tells by which rule.

Nothing here runs code. Whether what came out is worth running is for the caller: see `parses`.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from koderz.core.types import Extraction
from koderz.utils.fences import Fence, find_fences
from koderz.utils.prompt_context import with_prompt_context
from koderz.utils.runs import find_runs, whole_statements
from koderz.utils.source import (
    FUNCTION,
    MAX_CHARS,
    defines,
    fingerprint,
    is_stub,
    parse,
    parses,
    same_code,
    syntax_error,
)

__all__ = ["defines", "extract_code", "fingerprint", "parses", "same_code", "syntax_error", "with_prompt_context"]

_THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_THOUGHT_END = re.compile(r"^[ \t]*</think(?:ing)?>[ \t]*$", re.MULTILINE)
_THOUGHT_START = re.compile(r"\s*<think(?:ing)?>")
_END_TOKENS = re.compile(r"(?:\s*(?:<\|[\w ]{1,30}\|>|</s>))+\s*\Z")


def extract_code(answer: str, entry_point: str = "", prompt: str = "") -> Extraction:
    """The code that the answer offers for `entry_point`; without one, code that defines anything.

    In order: the whole text if it is plain code · the last complete python fence that defines it (strict, the only
    one) · another fence · an unclosed fence · the longest run of lines that parses · the continuation of `prompt`.
    Where nothing defines it: the same in the same order for what parses, else what was meant as code, broken as it is.
    """
    text, finished = _spoken(answer)
    fences = find_fences(text, parses)
    if finished and not parses(text) and (code := _last_defining(_marked(fences), entry_point)):
        return Extraction(code, "strict", "fence")
    candidates = list(_candidates(text, fences))
    for how, codes in candidates:
        code = _last_defining(codes, entry_point)
        if code and not is_stub(code, entry_point):
            return Extraction(code, "tolerant", how)
    if code := _continuation([*(fence.code for fence in fences), text], entry_point, prompt):
        return Extraction(code, "tolerant", "continuation")
    for how, codes in candidates:
        fit = [code for code in codes if code.strip() and (how == "broken fence" or parses(code))]
        if fit:
            return Extraction(fit[-1], "tolerant", how)
    return Extraction(text, "tolerant", "text")


def _spoken(answer: str) -> tuple[str, bool]:
    """The answer without thoughts and end-of-text tokens, with plain line ends; and whether the thoughts ended."""
    text = answer.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    text = text[:-200] + _END_TOKENS.sub("", text[-200:])
    thought = _THOUGHT.match(text) or _THOUGHT_END.search(text)
    if thought:
        return text[thought.end() :][:MAX_CHARS], True
    start = _THOUGHT_START.match(text)
    return text[start.end() if start else 0 :][:MAX_CHARS], start is None


def _last_defining(codes: Iterable[str], entry_point: str) -> str:
    """The last that defines it with a body, else the last that defines it at all, else an empty text."""
    defining = [code for code in codes if defines(code, entry_point)]
    whole = [code for code in defining if not is_stub(code, entry_point)]
    return (whole or defining or [""])[-1]


def _marked(fences: Iterable[Fence]) -> list[str]:
    return [fence.code for fence in fences if fence.python and fence.closed]


def _candidates(text: str, fences: Sequence[Fence]) -> Iterator[tuple[str, list[str]]]:
    """Code by rule, the best rule first, and within each the best code last."""
    yield "text", [text]
    yield "fence", _marked(fences)
    yield "other fence", [fence.code for fence in fences if fence.closed and not fence.python]
    yield "unclosed fence", [fence.code for fence in fences if not fence.closed]
    yield "broken fence", [fence.code for fence in fences if fence.python]  # its error is worth more than a fragment
    yield "run", sorted(find_runs(text), key=len)


def _continuation(bodies: Sequence[str], entry_point: str, prompt: str) -> str:
    """The prompt with what the answer adds to its unfinished function: completion style."""
    if not entry_point or (defines(prompt, entry_point) and not is_stub(prompt, entry_point)):
        return ""
    for body in reversed(bodies):
        for lines in (body, "    " + body.lstrip(), textwrap.indent(textwrap.dedent(body), "    ")):
            code = whole_statements(f"{prompt.rstrip()}\n{lines}")
            if _returns(code, entry_point):
                return code
    return ""


def _returns(code: str, entry_point: str) -> bool:
    """Whether the function has a body that ends somewhere; neither a word of prose nor another function is one."""
    functions = [node for node in parse(code).body if isinstance(node, FUNCTION) and node.name == entry_point]
    return any(_ends(statement) for function in functions for statement in function.body)


def _ends(node: ast.AST) -> bool:
    if isinstance(node, (*FUNCTION, ast.ClassDef, ast.Lambda)):
        return False
    ends = (ast.Return, ast.Yield, ast.YieldFrom, ast.Raise)
    return isinstance(node, ends) or any(_ends(child) for child in ast.iter_child_nodes(node))
