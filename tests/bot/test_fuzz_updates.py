"""Thousands of updates of any shape: each has a name and a lane, and no rule stumbles."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Action, Press
from bot.update_names import LONGEST_KEY, has_id, key_of, lane_of
from handlers.audience import Audience
from tests.bot.hostile import UPDATES, examples

OURS = Audience(424242, "Check_Bot", frozenset({13}), frozenset({11, -100500}))
TOKENS = ("tokentokentoken1", "", " ", "a" * 60, "%s", "' OR 1=1 --", "\0", "токен", "..")
DATA = st.text(max_size=64) | st.builds(
    ":".join,
    st.lists(st.sampled_from((*Action, *TOKENS, "1", "-1", "0" * 12, "RU", "CHECK", "check ")), max_size=5),
)


@given(UPDATES)
@settings(max_examples=examples(1500))
def test_every_update_has_a_name_and_a_lane(update: dict[str, object]) -> None:
    if not has_id(update):
        return
    key = key_of(update)

    assert 0 < len(key) <= LONGEST_KEY
    assert key.isascii()
    assert key_of(json.loads(json.dumps(update))) == key
    assert -(2**63) < lane_of(update) < 2**63


@given(UPDATES, st.integers(1, 2**40))
@settings(max_examples=examples(1000))
def test_the_same_message_has_the_same_name_whatever_its_update_id(update: dict[str, object], number: int) -> None:
    again = {**copy.deepcopy(update), "update_id": number}
    if has_id(update) and key_of(update).startswith(("message:", "callback_query:")):
        message = update.get("message")
        known = isinstance(message, dict) and "message_id" in message and isinstance(message.get("chat"), dict)
        if known or key_of(update).startswith("callback_query:"):
            assert key_of(again) == key_of(update) or str(update["update_id"]) in key_of(update)


@given(UPDATES)
@settings(max_examples=examples(1500))
def test_the_rule_whether_an_update_is_meant_for_us_says_yes_or_no_of_anything(update: dict[str, object]) -> None:
    before = copy.deepcopy(update)

    assert OURS.is_meant_for_us(update) in {True, False}
    assert update == before


@given(DATA)
@settings(max_examples=examples(5000))
def test_a_buttons_data_is_a_press_of_ours_or_nothing(data: str) -> None:
    press = Press.unpack(data)

    assert (press is not None) == (data.count(":") == 2 and data.partition(":")[0] in set(Action))
    assert press is None or press.pack() == data
