"""What Python source is before anything runs it: does it parse, what does it define, is it the same as another."""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Iterator
from functools import lru_cache

MAX_CHARS = 200_000
"""Longer text is taken for no code: no model's answer is that long, and parsing hostile text takes time."""

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@lru_cache(maxsize=4)  # an answer's code is read again and again; more trees of hostile size would take much room
def parse(code: str) -> ast.Module:
    """To be read only, as others get the same tree. Raises `SyntaxError` for whatever is no Python, hostile text (NUL
    bytes, endless nesting) included."""
    return _tree(code)


def _tree(code: str) -> ast.Module:
    if len(code) > MAX_CHARS:
        raise SyntaxError(f"the code is longer than {MAX_CHARS:,} characters")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a model's code is no warning of ours
        try:
            return ast.parse(code)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error) or "nested too deeply") from error


def syntax_error(code: str) -> str:
    """What is wrong with it and where, in a line; empty when it parses."""
    try:
        parse(code)
    except SyntaxError as error:
        return f"SyntaxError: {error.msg or error}" + (f" (line {error.lineno})" if error.lineno else "")
    return ""


def parses(code: str) -> bool:
    return not syntax_error(code)


def defines(code: str, name: str = "") -> bool:
    """Whether the top level binds `name` by def, class or assignment; without a name, whether it binds anything."""
    try:
        names = {bound for statement in parse(code).body for bound in bindings(statement)}
    except SyntaxError:
        return False
    return name in names if name else bool(names)


def bindings(statement: ast.stmt) -> Iterator[str]:
    """The names that a def, class or assignment binds."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            stored = (node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
            yield from (node.id for node in stored if isinstance(node.ctx, ast.Store))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            yield name


def is_stub(code: str, name: str) -> bool:
    """Whether the last function of that name has a docstring, `...` or `pass` and nothing else."""
    found = [node for node in parse(code).body if isinstance(node, FUNCTION) and node.name == name]
    return bool(found) and all(_does_nothing(statement) for statement in found[-1].body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
    return False


def same_code(a: str, b: str) -> bool:
    return fingerprint(a) == fingerprint(b)


@lru_cache(maxsize=1024)  # a search asks for that of every candidate again and again
def fingerprint(code: str) -> str:
    """SHA-256 that comments, docstrings and layout don't change. Code that doesn't parse goes by its text."""
    try:
        tree = _tree(code)
        for node in ast.walk(tree):
            if isinstance(node, _WITH_DOCSTRING) and node.body and _is_docstring(node.body[0]):
                del node.body[0]
        text = "tree " + ast.dump(tree)
    except (SyntaxError, RecursionError):
        text = "text " + code.strip()
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_docstring(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False
