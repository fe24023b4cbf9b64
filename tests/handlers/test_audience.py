import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.audience import Audience
from tests.fakes import NAME, US, document

OURS = Audience(US, NAME, frozenset({13}), frozenset({11, -100500}))
GROUP = {"id": -1, "type": "supergroup"}


def command(word: str, offset: int = 0) -> dict[str, Any]:
    return {"text": " " * offset + word, "entities": [{"type": "bot_command", "offset": offset, "length": len(word)}]}


def said_by(author: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"reply_to_message": {"message_id": 1, "from": author, **more}}


ADDRESSED = {
    "our command": command("/check"),
    "our command in capitals": command("/Check"),
    "our command with our name": command(f"/check@{NAME}"),
    "our name in another case": command(f"/check@{NAME.upper()}"),
    "an unknown command with our name": command(f"/foo@{NAME}"),
    "a mention": {"text": f"hi @{NAME}", "entities": [{"type": "mention", "offset": 3, "length": len(NAME) + 1}]},
    "a mention after an emoji, which is two units": {
        "text": f"😀 @{NAME}",
        "entities": [{"type": "mention", "offset": 3, "length": len(NAME) + 1}],
    },
    "a file under our command": {
        "document": document(),
        "caption": f"/check@{NAME}",
        "caption_entities": [{"type": "bot_command", "offset": 0, "length": len(NAME) + 7}],
    },
    "a reply to us": said_by({"id": US}),
    "the group's new id": {"migrate_to_chat_id": -2},
    "the group's old id": {"migrate_from_chat_id": -2},
}
NOT_ADDRESSED = {
    "plain talk": {"text": "+79123456789"},
    "a plain file": {"document": document()},
    "another bot's command": command("/check@other_bot"),
    "a command of nobody's": command("/foo"),
    "a command later in the text": command("/check", offset=5),
    "a mention of somebody else": {"text": "@other", "entities": [{"type": "mention", "offset": 0, "length": 6}]},
    "our name without an entity": {"text": f"@{NAME}"},
    "a reply to somebody else": said_by({"id": 5}),
    "a message in a topic that we opened": said_by({"id": US}, forum_topic_created={"name": "Lists"}),
    "somebody joined": {"new_chat_members": [{"id": 5}]},
}


@pytest.mark.parametrize("message", ADDRESSED.values(), ids=ADDRESSED)
@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_in_a_group_this_is_meant_for_us(kind: str, message: dict[str, Any]) -> None:
    assert OURS.is_meant_for_us({"update_id": 1, kind: {"chat": GROUP, **message}})


@pytest.mark.parametrize("message", NOT_ADDRESSED.values(), ids=NOT_ADDRESSED)
@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_in_a_group_this_is_not_meant_for_us(kind: str, message: dict[str, Any]) -> None:
    assert not OURS.is_meant_for_us({"update_id": 1, kind: {"chat": GROUP, **message}})


@pytest.mark.parametrize(
    ("update", "meant"),
    [
        ({"message": {"chat": {"id": 11, "type": "private"}, "text": "hi"}}, True),
        ({"message": {"chat": {"id": -3, "type": "channel"}, "text": "/check"}}, False),
        ({"callback_query": {"id": "1"}}, True),
        ({"my_chat_member": {"chat": GROUP}}, True),
        ({"message": {"chat": None}}, True),
        ({"message": "no message at all"}, True),
        ({"something_new": {}}, True),
    ],
)
def test_outside_groups_all_is_meant_for_us_but_channels(update: dict[str, Any], meant: bool) -> None:  # noqa: FBT001 (a table)
    assert OURS.is_meant_for_us({"update_id": 1, **update}) is meant


TAKING = Audience(US, NAME, frozenset(), frozenset(), lambda: frozenset({-1}))


@pytest.mark.parametrize(
    ("chat_id", "name", "meant"),
    [
        (-1, "base.txt", True),
        (-1, "BASE NOV.TXT", True),
        *((-1, f"base.{kind}", True) for kind in ("csv", "tsv", "xlsx", "VCF")),
        (-1, "base.pdf", False),
        (-1, "base.txt.exe", False),
        (-1, "txt", False),
        (-1, None, False),
        (-2, "base.txt", False),
    ],
)
@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_a_list_file_is_meant_for_us_where_the_group_has_said_so(
    kind: str,
    chat_id: int,
    name: str | None,
    meant: bool,  # noqa: FBT001  (a table)
) -> None:
    file = document() | {"file_name": name} if name else {"file_id": "1", "file_unique_id": "u"}
    raw = {"update_id": 1, kind: {"chat": {"id": chat_id, "type": "supergroup"}, "document": file}}
    assert TAKING.is_meant_for_us(raw) is meant


@pytest.mark.parametrize("talk", NOT_ADDRESSED.values(), ids=NOT_ADDRESSED)
def test_where_files_are_taken_unasked_all_other_talk_is_still_none_of_our_business(talk: dict[str, Any]) -> None:
    photo = {"document": {"file_id": "1", "file_name": "me.jpg"}, "caption": "base.txt"}
    for message in (photo, talk if "document" not in talk else photo):
        assert not TAKING.is_meant_for_us({"update_id": 1, "message": {"chat": GROUP | {"id": -1}, **message}})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=6,
)
ENTITY = st.fixed_dictionaries(
    {"type": st.sampled_from(["mention", "bot_command"]) | JSON},
    optional={"offset": st.integers(-5, 20) | JSON, "length": st.integers(-5, 20) | JSON},
)
HOSTILE = st.fixed_dictionaries(
    {
        "chat": st.just(GROUP)
        | st.fixed_dictionaries({"type": st.just("group"), "id": JSON})
        | st.fixed_dictionaries({"type": JSON})
        | JSON
    },
    optional={
        "text": st.text(max_size=20) | JSON,
        "entities": st.lists(ENTITY, max_size=3) | JSON,
        "caption": JSON,
        "document": st.fixed_dictionaries({"file_name": st.just("a.txt") | JSON}) | JSON,
        "caption_entities": st.lists(ENTITY, max_size=2) | JSON,
        "reply_to_message": st.fixed_dictionaries({"from": st.fixed_dictionaries({"id": JSON}) | JSON}) | JSON,
    },
)


@given(message=HOSTILE | JSON, kind=st.sampled_from(["message", "edited_message"]))
def test_no_shape_of_an_update_makes_the_rule_fail(message: Any, kind: str) -> None:
    assert OURS.is_meant_for_us({"update_id": 1, kind: message}) in {True, False}
    assert TAKING.is_meant_for_us({"update_id": 1, kind: message}) in {True, False}


def test_half_of_a_surrogate_pair_makes_no_trouble() -> None:
    raw = json.loads(
        '{"chat": {"type": "group"}, "text": "\\ud83d /check", "entities": [{"type": "mention",'
        ' "offset": 0, "length": 3}]}'
    )

    assert not OURS.is_meant_for_us({"update_id": 1, "message": raw})
