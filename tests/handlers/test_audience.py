import json
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import SendMessage
from hypothesis import given
from hypothesis import strategies as st

from handlers import audience
from handlers.audience import Audience
from tests.fakes import ADMIN, EVE, NAME, OTHERS, REFUSED, TEAM, US, Stage, document, stage

OURS = Audience(US, NAME, frozenset({13}), frozenset({11, -100500}))
GROUP = {"id": -1, "type": "supergroup"}


async def test_a_stranger_hears_their_id_once_and_then_nothing(team: Stage) -> None:
    outcomes = [await team.feed("message", team.message("/start", person=EVE)) for _ in range(3)]

    assert outcomes == [REFUSED] * 3
    (said,) = team.said
    assert "<code>66</code>" in said
    assert "No list of yours has been read." in said


async def test_a_stranger_who_comes_back_later_is_answered_again(team: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await team.says("/start", person=EVE)
    monkeypatch.setattr(audience, "SILENT_SECONDS", -1.0)
    await team.says("/start", person=EVE)

    assert len(team.said) == 2


async def test_a_stranger_is_answered_in_their_language(team: Stage) -> None:
    await team.says("/start", person=EVE | {"language_code": "ru-RU"})

    assert "Этот бот работает для одной команды." in team.said[0]


async def test_nothing_of_a_strangers_list_is_stored(team: Stage) -> None:
    pasted = await team.says("+79123456789", person=EVE)
    file = await team.sends(person=EVE)
    edited = pasted | {"edit_date": pasted["date"] + 5, "text": "+79123456780"}

    assert await team.feed("edited_message", edited) is REFUSED
    assert not await team.has_job(pasted)
    assert not await team.has_job(file)
    assert team.woken == []


async def test_in_a_group_a_stranger_hears_the_groups_id_too_as_a_reply(team: Stage) -> None:
    message = await team.says("/check", person=EVE, chat=OTHERS)

    (sent,) = team.of(SendMessage)
    assert "<code>66</code>" in sent.text
    assert "<code>-100600</code>" in sent.text
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == message["message_id"]


async def test_a_stranger_who_presses_is_told_and_changes_nothing(team: Stage) -> None:
    job = await team.preview()

    for chat in (None, OTHERS):
        answer = await team.presses(f"check:{job.token}:1", person=EVE, chat=chat)
        assert answer == "This bot works for one team, and you are not on its list."
    assert (await team.now(job)).queued_at is None


async def test_another_bot_and_nobody_at_all_are_not_answered(team: Stage) -> None:
    bot = {"id": 99, "is_bot": True, "first_name": "Other"}

    assert await team.feed("message", team.message("/start", person=bot, chat=OTHERS)) is REFUSED
    assert await team.feed("message", team.message("/start", person=None, chat=OTHERS)) is REFUSED
    assert team.said == []


async def test_with_both_lists_empty_everybody_is_a_stranger(tmp_path: Path) -> None:
    async with stage(tmp_path, admin_ids=frozenset(), allowed_ids=frozenset()) as nobody:
        await nobody.says("/start")
        pasted = await nobody.says("+79123456789")

        assert len(nobody.said) == 1
        assert "<code>11</code>" in nobody.said[0]
        assert not await nobody.has_job(pasted)


async def test_everybody_in_an_allowed_group_and_an_admin_anywhere_may_use_the_bot(team: Stage) -> None:
    assert await team.has_job(await team.says("/check +79123456789", person=EVE, chat=TEAM))
    assert await team.has_job(await team.says("/check +79123456789", person=ADMIN, chat=OTHERS))


@pytest.mark.parametrize(
    ("person", "chat", "may"),
    [(11, 5, True), (13, 5, True), (66, -100500, True), (66, 66, False), (None, None, False), (None, -100500, True)],
)
def test_who_may_use_the_bot_where(person: int | None, chat: int | None, may: bool) -> None:  # noqa: FBT001 (a table)
    assert OURS.may_use(person, chat) is may


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
    {"chat": st.just(GROUP) | st.fixed_dictionaries({"type": JSON}) | JSON},
    optional={
        "text": st.text(max_size=20) | JSON,
        "entities": st.lists(ENTITY, max_size=3) | JSON,
        "caption": JSON,
        "caption_entities": st.lists(ENTITY, max_size=2) | JSON,
        "reply_to_message": st.fixed_dictionaries({"from": st.fixed_dictionaries({"id": JSON}) | JSON}) | JSON,
    },
)


@given(message=HOSTILE | JSON, kind=st.sampled_from(["message", "edited_message"]))
def test_no_shape_of_an_update_makes_the_rule_fail(message: Any, kind: str) -> None:
    assert OURS.is_meant_for_us({"update_id": 1, kind: message}) in {True, False}


def test_half_of_a_surrogate_pair_makes_no_trouble() -> None:
    raw = json.loads(
        '{"chat": {"type": "group"}, "text": "\\ud83d /check", "entities": [{"type": "mention",'
        ' "offset": 0, "length": 3}]}'
    )

    assert not OURS.is_meant_for_us({"update_id": 1, "message": raw})
