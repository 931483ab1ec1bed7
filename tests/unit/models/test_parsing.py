from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koderz.models.frontier import FrontierClient
from koderz.models.openai_client import OpenAIClient
from koderz.models.parsing import count
from koderz.models.served import ServedModel
from koderz.models.streaming import Answer

KEYS = st.sampled_from(
    [
        "type",
        "choices",
        "delta",
        "content",
        "usage",
        "message",
        "model",
        "prompt_tokens",
        "completion_tokens",
        "prompt_tokens_details",
        "cached_tokens",
        "input_tokens",
        "output_tokens",
        "finish_reason",
        "stop_reason",
        "content_block",
        "text",
        "thinking",
        "reasoning",
        "reasoning_content",
        "timings",
        "output_tokens_details",
    ]
)
WORDS = st.sampled_from(["message_start", "message_delta", "content_block_start", "content_block_delta", "stop", ""])
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("client", [OpenAIClient("k"), FrontierClient("k")], ids=["openai", "anthropic"])
@given(chunks=st.lists(JSON, max_size=4))
def test_no_chunk_breaks_a_client_and_no_count_is_negative(client: ServedModel, chunks: list[Any]) -> None:
    answer = Answer(lambda _: None, "m", {})
    for chunk in chunks:
        client._take(chunk, answer)
    if answer.usage is not None:
        told = answer.usage
        assert min(told.input_tokens, told.output_tokens, told.cache_read, told.cache_write, told.reasoning) >= 0
    assert isinstance(answer.completion("local", None).text, str)


@pytest.mark.parametrize("wrong", [None, -1, 10**12, "7", 7.0, True, [], {}])
def test_what_is_no_count_is_unknown(wrong: object) -> None:
    assert count(wrong) is None


@pytest.mark.parametrize("right", [0, 7, 10_000_000])
def test_a_count_is_itself(right: int) -> None:
    assert count(right) == right
