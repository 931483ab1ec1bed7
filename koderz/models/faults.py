"""A provider's refusal as one of Koderz's errors: the class decides about retrying, the message says what to type."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from koderz.core.errors import AuthFailed, ContextOverflow, ModelError, ModelMissing, RateLimited, Timeout, Unavailable

_OVERFLOW = re.compile(
    r"context_length_exceeded|exceed_context_size|exceeds the available context|maximum context length"
    r"|prompt is too long|exceed context limit|context window",
    re.IGNORECASE,
)
_OUT_OF_MONEY = re.compile(r"insufficient_quota|credit balance|billing", re.IGNORECASE)
_NO_TEMPERATURE = re.compile(
    r"temperature.{0,80}(not support|unsupported|deprecated|not permitted|not allowed)"
    r"|(unsupported|unknown|unrecognized).{0,40}temperature",
    re.IGNORECASE | re.DOTALL,
)
_SECRET_SHAPES = re.compile(r"(?i)(bearer\s+|x-api-key['\":\s]+)[^\s'\",}]+|(?<=//)[^/@\s]+(?=@)|\bsk-[\w-]{8,}")


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is being talked to, as an error message needs to know it. `key_name` is the variable that holds the key."""

    provider: str
    where: str
    key_name: str = ""
    key: str | None = None

    def error(self, model: str, status: int | None, detail: str, retry_after: float | None = None) -> ModelError:
        """`status` is that of HTTP; ``None`` means that no connection came about or that it broke."""
        kind, said, advice = self._judged(model, status, detail)
        told = self.redacted(detail)
        return kind(f"{self.provider}: {said}{f' ({told})' if told else ''}. {advice}", retry_after)

    def timed_out(self, model: str, seconds: float) -> Timeout:
        return Timeout(
            f"{self.provider}: {model} gave no complete answer within {seconds:g} s. "
            f"Give it more time with `--timeout SECONDS`, or take a smaller model."
        )

    def stalled(self, model: str, seconds: float) -> Timeout:
        return Timeout(
            f"{self.provider}: {model} stopped in the middle of its answer and sent nothing for {seconds:g} s. "
            f"Look whether {self.where} is well, and try again."
        )

    def garbled(self, model: str, detail: str) -> Unavailable:
        told = self.redacted(detail)
        return Unavailable(
            f"{self.provider}: what {self.where} sent is no answer of {model} ({told}). "
            f"Check that this address is that of a model server, or try again."
        )

    def no_key(self) -> AuthFailed:
        return AuthFailed(
            f"{self.provider}: there is no key. Put {self.key_name}=... in .env or in the environment, "
            f"or use models that need no key: `--preset embedded`, or `--preset free` with Ollama."
        )

    def redacted(self, text: str) -> str:
        """`text` in one short line, without the key or anything that looks like one."""
        if self.key:
            text = text.replace(self.key, "[key]")
        text = _SECRET_SHAPES.sub("[key]", text)
        return " ".join(text.split())[:400].rstrip(".")

    def cause(self, error: BaseException) -> BaseException | None:
        """What to raise from: the original, unless printing it would show the key."""
        return error if self.redacted(str(error)) == " ".join(str(error).split())[:400].rstrip(".") else None

    def _judged(self, model: str, status: int | None, detail: str) -> tuple[type[ModelError], str, str]:
        if _OVERFLOW.search(detail) or status == 413:
            return (
                ContextOverflow,
                f"the prompt does not fit {model}",
                "Raise `--num-ctx`, or take a model with more context.",
            )
        match status:
            case None:
                return Unavailable, f"{self.where} does not answer", self._start_advice()
            case 401 | 403:
                return AuthFailed, f"the key was refused with {status}", f"Check {self.key_name or 'the key'} in .env."
            case 404:
                return ModelMissing, f"there is no model {model} at {self.where}", self._get_advice(model)
            case 408:
                return Timeout, f"{model} took too long", "Give it more time with `--timeout SECONDS`."
            case 429 if _OUT_OF_MONEY.search(detail):
                return ModelError, "the account has no quota left", "Top it up, or take another model."
            case 429:
                return RateLimited, f"too many requests for {model}", "Lower `--concurrency`, or wait a little."
            case 503:
                return Unavailable, f"{self.where} is overloaded", "Try again in a minute, or lower `--concurrency`."
            case status if status >= 500 and self.provider != "ollama":
                return Unavailable, f"{self.where} failed with {status}", "Try again in a minute."
        return ModelError, f"{model} refused the request with {status}", "`koderz doctor` shows what is set up."

    def _start_advice(self) -> str:
        if self.provider == "ollama":
            return "Start it with `ollama serve`, or set OLLAMA_HOST to where it runs."
        if not self.key_name:
            return f"Is the server at {self.where} running?"
        return f"Check the network connection and {self.provider.upper()}_BASE_URL."

    def _get_advice(self, model: str) -> str:
        return (
            f"Get it with `ollama pull {model}`." if self.provider == "ollama" else "`koderz models list` shows names."
        )


def refuses_temperature(error: ModelError) -> bool:
    """Whether a model refused to be asked with a temperature at all; a value out of range is another matter."""
    return not error.retryable and _NO_TEMPERATURE.search(str(error)) is not None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks to wait: `retry-after-ms`, or `retry-after` as a number or as a date."""
    value = headers.get("retry-after", "")
    with suppress(KeyError, ValueError):
        return _wait(float(headers["retry-after-ms"]) / 1000)
    with suppress(ValueError):
        return _wait(float(value))
    with suppress(ValueError, TypeError):
        return _wait((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    return None


def _wait(seconds: float) -> float | None:
    return max(0.0, seconds) if math.isfinite(seconds) else None
