"""Plain values to bytes and back, between the trusted scorer and the candidate's process. Standard library only.

The decoder builds the types listed in `decode` and nothing else, whatever the bytes say, and raises `CodecError` only.
A value of another type arrives as `Opaque`, which passes no comparison. A value of a derived class arrives as its
plain base, so that an overridden ``__eq__`` stays behind.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 200

_LENGTH = struct.Struct(">I")
_FLOAT = struct.Struct(">d")
_COMPLEX = struct.Struct(">dd")
_CONTAINERS: dict[bytes, type] = {b"l": list, b"t": tuple, b"s": set, b"z": frozenset}


class CodecError(Exception):
    """Too large, too deep, or not a value at all."""


class Opaque:
    """A value that can't be judged: equal to nothing, different from nothing, neither true nor false."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, _: object) -> bool:
        return False

    def __ne__(self, _: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} can't be judged")

    def __repr__(self) -> str:
        return f"<{self.kind} object>"


def encode(value: object) -> bytes:
    """Raises `CodecError` when the value is larger than a frame or nested too deeply (or in itself)."""
    out: list[bytes] = []
    _Writer(out).write(value, 0)
    return b"".join(out)


class _Writer:
    def __init__(self, out: list[bytes]) -> None:
        self._out = out
        self._size = 0

    def _put(self, tag: bytes, data: bytes = b"") -> None:
        self._size += 5 + len(data)
        if self._size > MAX_BYTES:
            raise CodecError(f"the value is larger than {MAX_BYTES} bytes")
        self._out.append(tag + _LENGTH.pack(len(data)) + data)

    def write(self, value: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise CodecError(f"the value is nested deeper than {MAX_DEPTH} levels")
        kind = type(value)
        if value is None or kind is bool:
            self._put({None: b"N", True: b"T", False: b"F"}[value])
        elif isinstance(value, (int, float, complex, str, bytes, bytearray, Fraction, Decimal, range)):
            self._put(*_scalar(value))
        elif isinstance(value, dict):
            self._many(b"d", dict.__len__(value), (x for pair in dict.items(value) for x in pair), depth)
        elif (base := _base(value)) is not None:
            self._many(base[0], base[1].__len__(value), base[1].__iter__(value), depth)
        else:
            self._put(b"o", kind.__name__[:80].encode("utf-8", "replace"))

    def _many(self, tag: bytes, count: int, items: Iterable[Any], depth: int) -> None:
        self._put(tag, _LENGTH.pack(count))
        for item in items:
            self.write(item, depth + 1)


def _base(value: object) -> tuple[bytes, Any] | None:
    return next(((tag, base) for tag, base in _CONTAINERS.items() if isinstance(value, base)), None)


def _int_bytes(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


def _scalar(value: Any) -> tuple[bytes, bytes]:
    """Base class methods are called by name: an overridden one must not decide what is sent."""
    if isinstance(value, int):
        return b"i", _int_bytes(int.__int__(value))
    if isinstance(value, float):
        return b"f", _FLOAT.pack(float.__float__(value))
    if isinstance(value, complex):
        return b"c", _COMPLEX.pack(complex.__complex__(value).real, complex.__complex__(value).imag)
    if isinstance(value, str):
        return b"u", str.encode(value, "utf-8", "surrogatepass")
    if isinstance(value, bytearray):
        return b"a", bytes(bytearray.copy(value))
    if isinstance(value, bytes):
        return b"b", bytes.__getitem__(value, slice(None))
    if isinstance(value, Decimal):
        return b"D", Decimal.__str__(value).encode("ascii")
    if isinstance(value, range):
        return b"r", _int_list(value.start, value.stop, value.step)
    return b"q", _int_list(value.numerator, value.denominator)


def _int_list(*numbers: int) -> bytes:
    parts = [_int_bytes(number) for number in numbers]
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def decode(data: bytes) -> Any:
    """One value: None, bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range,
    Fraction, Decimal or `Opaque`. Raises `CodecError` when `data` is anything but exactly one encoded value."""
    if len(data) > MAX_BYTES + 5:
        raise CodecError("the frame is too large")
    reader = _Reader(data)
    try:
        value = reader.read(0)
    except (struct.error, ValueError, TypeError, ArithmeticError, MemoryError, InvalidOperation) as error:
        raise CodecError(f"not a value: {type(error).__name__}") from None
    if reader.at != len(data):
        raise CodecError("bytes follow the value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def _take(self, size: int) -> bytes:
        part = self._data[self.at : self.at + size]
        if len(part) != size:
            raise CodecError("the value is cut short")
        self.at += size
        return part

    def read(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise CodecError("the value is nested too deeply")
        tag = self._take(1)
        data = self._take(_LENGTH.unpack(self._take(4))[0])
        if tag == b"d":
            return self._dict(_LENGTH.unpack(data)[0], depth + 1)
        if tag in _CONTAINERS:
            return self._container(tag, _LENGTH.unpack(data)[0], depth + 1)
        if tag in b"NTF":
            return {b"N": None, b"T": True, b"F": False}[tag]
        return _read_scalar(tag, data)

    def _dict(self, count: int, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for _ in range(count):  # one after the other, so that a time limit can interrupt colliding keys
            key = self.read(depth)
            result[key] = self.read(depth)
        return result

    def _container(self, tag: bytes, count: int, depth: int) -> Any:
        items: Iterator[Any] = (self.read(depth) for _ in range(count))
        if tag == b"l" or tag == b"t":
            return _CONTAINERS[tag](items)
        members: set[Any] = set()
        for item in items:
            members.add(item)
        return members if tag == b"s" else frozenset(members)


def _read_scalar(tag: bytes, data: bytes) -> Any:
    match tag:
        case b"i":
            return int.from_bytes(data, "big", signed=True)
        case b"f":
            return _FLOAT.unpack(data)[0]
        case b"c":
            return complex(*_COMPLEX.unpack(data))
        case b"u":
            return data.decode("utf-8", "surrogatepass")
        case b"b":
            return data
        case b"a":
            return bytearray(data)
        case b"D":
            return Decimal(data.decode("ascii"))
        case b"r":
            return range(*_ints(data, 3))
        case b"q":
            return Fraction(*_ints(data, 2))
        case b"o":
            return Opaque(data.decode("utf-8", "replace"))
    raise CodecError("unknown tag")


def _ints(data: bytes, count: int) -> list[int]:
    """Exactly `count` integers, of at most 4 KiB each: reducing a fraction takes quadratic time."""
    numbers = []
    at = 0
    for _ in range(count):
        (size,) = _LENGTH.unpack_from(data, at)
        part = data[at + 4 : at + 4 + size]
        if len(part) != size or size > 4096:
            raise CodecError("not a number")
        numbers.append(int.from_bytes(part, "big", signed=True))
        at += 4 + size
    if at != len(data):
        raise CodecError("bytes follow the numbers")
    return numbers
