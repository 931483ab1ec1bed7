from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koderz.core.types import Action, Check, Completion, Message, Recall, Spend, Usage
from koderz.utils import codec


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_survives_even_what_utf_8_cannot_carry(text: str) -> None:
    message = Message("user", text)
    written = codec.dumps(message)
    assert written.isascii()
    assert codec.loads(Message, written) == message


@given(st.none() | st.decimals(allow_nan=False, allow_infinity=False))
def test_money_comes_back_exact_and_unknown_as_unknown(cost: Decimal | None) -> None:
    spend = Spend(1, None, cost, 0.1)
    back = codec.loads(Spend, codec.dumps(spend))
    assert back == spend
    assert str(back.cost_usd) == str(cost)


def test_a_member_of_a_union_comes_back_as_what_it_was() -> None:
    for action in (Check("x"), Recall("x")):
        assert codec.loads(type(action), codec.dumps(action, Action)) == action
        assert codec.from_plain(Action, codec.plain(action, Action)) == action  # type: ignore[arg-type]


def test_a_lone_surrogate_in_a_free_dictionary_survives_as_a_value() -> None:
    answer = Completion("", "m", "local", Usage(), None, 0.0, server={"odd": "a\udc80"})
    assert codec.loads(Completion, codec.dumps(answer)) == answer


@pytest.mark.parametrize("text", ["", "{", "[]", '{"role": "nobody", "content": ""}', '{"role": "user"}'])
def test_text_that_is_no_such_value_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - both JSON and type errors are, and say what is wrong
        codec.loads(Message, text)
