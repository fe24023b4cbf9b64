"""Keys and lanes of updates, whatever shape they have."""

from typing import Any

import pytest

from bot.update_names import LONGEST_KEY, has_id, key_of, lane_of

CHAT = {"id": 11, "type": "private"}


def message(update_id: int = 1, **fields: Any) -> dict[str, Any]:
    return {"update_id": update_id, "message": {"message_id": 5, "chat": CHAT, "date": 1, **fields}}


def edit(**fields: Any) -> dict[str, Any]:
    return {"update_id": 1, "edited_message": {"message_id": 5, "chat": CHAT, "edit_date": 9, **fields}}


def press(query_id: str) -> dict[str, Any]:
    return {"update_id": 1, "callback_query": {"id": query_id, "message": {"chat": CHAT}}}


def test_the_same_message_is_one_row_whatever_its_update_id() -> None:
    assert key_of(message(1)) == key_of(message(2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (message(), edit()),
        (edit(text="a"), edit(text="b")),
        (edit(text="a"), edit(text="a", edit_date=10)),
        (press("1"), press("2")),
        ({"update_id": 1, "poll": {"id": "1"}}, {"update_id": 2, "poll": {"id": "1"}}),
        (
            {"update_id": 1, "my_chat_member": {"chat": CHAT, "date": 1, "new_chat_member": {"status": "kicked"}}},
            {"update_id": 1, "my_chat_member": {"chat": CHAT, "date": 1, "new_chat_member": {"status": "member"}}},
        ),
    ],
)
def test_different_things_are_different_rows(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 1},
        {"update_id": 1, "message": "words"},
        {"update_id": 1, "message": {"message_id": "one", "chat": None}},
        {"update_id": 1, "message": {"message_id": "\ud800" * 900, "chat": {"id": "\ud800"}}},
        {"update_id": 1, "edited_message": {"message_id": [], "chat": {"id": {}}, "text": "\ud800"}},
        {"update_id": 1, "callback_query": {"id": None, "message": 7}},
        {"update_id": 1, "my_chat_member": []},
        {"update_id": 1, "something_new": {"chat": {"id": 2**80}}},
    ],
)
def test_any_shape_gets_a_name_that_a_database_takes(raw: dict[str, Any]) -> None:
    assert key_of(raw).isascii()
    assert len(key_of(raw)) <= LONGEST_KEY
    assert -(2**63) < lane_of(raw) < 2**63


def test_the_lane_is_the_chat() -> None:
    assert [lane_of(one) for one in (message(), edit(), press("1"), {"update_id": 1, "poll": {}})] == [11, 11, 11, 0]


@pytest.mark.parametrize("raw", [None, "words", [], {}, {"update_id": "1"}, {"update_id": True}, {"update_id": -5}])
def test_what_has_no_number_that_can_be_confirmed_is_no_update(raw: object) -> None:
    assert not has_id(raw)


def test_a_large_number_is_a_number() -> None:
    assert has_id({"update_id": 2**40})
    assert not has_id({"update_id": 2**64})
