"""Whether a value is the expected one, for tests that are data."""

from __future__ import annotations

import math
from typing import Any

_RELATIVE = 1e-7
"""As in the published evaluation of HumanEval+ and MBPP+ (Liu et al. 2023), whose comparison is numpy's `allclose`."""


def same(value: Any, expected: Any, atol: float = 0.0) -> bool:
    """Equal, or with `atol` (absolute tolerance) near it, number by number; floats are always compared so, with 1e-6.

    The value's containers must be of the expected types then; a number may be an int where a float is expected.
    """
    if value == expected and type(value) is not type(NotImplemented):
        return True
    if not atol and _is_float(expected):
        atol = 1e-6
    return bool(atol) and _near(value, expected, atol)


def _is_float(expected: Any) -> bool:
    """A float, or a non-empty list or tuple of them."""
    if isinstance(expected, (list, tuple)):
        return bool(expected) and all(isinstance(each, float) for each in expected)
    return isinstance(expected, float)


def _near(value: Any, expected: Any, atol: float) -> bool:
    if isinstance(expected, (list, tuple)):
        if type(value) is not type(expected) or len(value) != len(expected):
            return False
        return all(_near(mine, theirs, atol) for mine, theirs in zip(value, expected, strict=True))
    if isinstance(expected, dict):
        if type(value) is not dict or value.keys() != expected.keys():
            return False
        return all(_near(value[key], expected[key], atol) for key in expected)
    if isinstance(expected, (int, float)) and isinstance(value, (int, float)):
        return math.isclose(value, expected, rel_tol=_RELATIVE, abs_tol=atol) or _both_nan(value, expected)
    return bool(value == expected)


def _both_nan(value: float, expected: float) -> bool:
    return math.isnan(value) and math.isnan(expected)
