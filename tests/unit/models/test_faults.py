from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from koderz.core.errors import (
    AuthFailed,
    ContextOverflow,
    ModelError,
    ModelMissing,
    RateLimited,
    Timeout,
    Unavailable,
)
from koderz.models.faults import Peer, refuses_temperature, retry_after

OPENAI = Peer("openai", "api.openai.com", "OPENAI_API_KEY", "my-secret-key")
OLLAMA = Peer("ollama", "http://localhost:11434")


@pytest.mark.parametrize(
    ("status", "detail", "kind"),
    [
        (None, "", Unavailable),
        (400, "bad", ModelError),
        (400, "context_length_exceeded", ContextOverflow),
        (400, "prompt is too long: 208310 tokens > 200000 maximum", ContextOverflow),
        (400, "request (12030 tokens) exceeds the available context size (5120 tokens)", ContextOverflow),
        (401, "", AuthFailed),
        (403, "", AuthFailed),
        (404, "", ModelMissing),
        (408, "", Timeout),
        (429, "", RateLimited),
        (429, "insufficient_quota", ModelError),
        (500, "", Unavailable),
        (503, "", Unavailable),
        (529, "overloaded", Unavailable),
    ],
)
def test_a_status_decides_the_class(status: int | None, detail: str, kind: type[ModelError]) -> None:
    assert type(OPENAI.error("gpt-4o", status, detail)) is kind


def test_ollama_failing_for_its_own_reasons_is_not_retried() -> None:
    assert not OLLAMA.error("codellama:70b", 500, "model requires more system memory").retryable
    assert OLLAMA.error("codellama:70b", 503, "busy").retryable


def test_messages_tell_what_to_type() -> None:
    assert "`ollama pull codellama:70b`" in str(OLLAMA.error("codellama:70b", 404, "not found"))
    assert "`ollama serve`" in str(OLLAMA.error("codellama:70b", None, ""))
    assert "OPENAI_API_KEY" in str(OPENAI.error("gpt-4o", 401, ""))


@pytest.mark.parametrize(
    "echo",
    [
        "key my-secret-key is wrong",
        "Authorization: Bearer my-secret-key",
        "{'x-api-key': 'another-secret'}",
        "Bearer another-secret",
        "could not connect to http://user:another-secret@host/v1",
        "sk-proj-another-secret",
    ],
)
def test_no_key_is_in_a_message(echo: str) -> None:
    assert "secret" not in str(OPENAI.error("gpt-4o", 400, echo))
    assert OPENAI.cause(ValueError(echo)) is None


def test_an_error_without_a_key_keeps_its_cause() -> None:
    error = ValueError("nothing  to\nhide." * 100)
    assert OPENAI.cause(error) is error


def test_a_page_of_html_becomes_one_short_line() -> None:
    message = str(OPENAI.error("gpt-4o", 502, "<html>\n" + "<p>bad gateway</p>\n" * 500))
    assert len(message) < 600
    assert "\n" not in message


def test_a_server_says_how_long_to_wait_in_three_ways() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after-ms": "1500", "retry-after": "2"}) == 1.5
    assert 90 < (retry_after({"retry-after": date}) or 0) <= 100
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


@pytest.mark.parametrize("wish", ["inf", "nan", "1e999", "-inf"])
def test_a_wish_that_is_no_time_is_none(wish: str) -> None:
    assert retry_after({"retry-after": wish, "retry-after-ms": wish}) is None


def test_a_date_that_has_passed_means_now() -> None:
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("Unsupported value: 'temperature' does not support 0.1 with this model. Only the default (1) value", True),
        ("Unsupported parameter: 'temperature' is not supported with this model.", True),
        ("temperature: Extra inputs are not permitted", True),
        ("`temperature` is deprecated for this model.", True),
        ("unknown parameter: temperature", True),
        ("temperature: range: 0..1", False),
        ("max_tokens is not supported", False),
    ],
)
def test_a_model_that_takes_no_temperature_is_known_from_one_that_wants_another(said: str, refused: bool) -> None:
    assert refuses_temperature(OPENAI.error("a-model", 400, said)) is refused
    assert not refuses_temperature(OPENAI.error("a-model", 503, said))
