"""Strangers are answered once in a while, their files wait unread, and everything else of theirs is none of ours."""

from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNetworkError
from aiogram.methods import AnswerCallbackQuery, LeaveChat, SendMessage

from handlers import strangers
from storage.access import AccessState, Entry, keep
from storage.access_requests import MOST_KEPT, Decision, Request
from tests.fakes import ADMIN, ANNA, EVE, LONG_NAME, NOW, OTHERS, REFUSED, TEAM, Stage, document, stage

ASKED = "This bot works for one team. I have asked its admins whether you may use it; their answer comes here."
ASKED_GROUP = (
    "This bot works for one team. I have asked its admins whether it may work in this group; their answer comes here."
)
UNREAD = "Your list has not been read. If you are let in, its preview appears here by itself."
NOT_KEPT = "Your list has not been read and is not kept. If you are let in, send it again."
DENIED = "The bot’s admins have decided that it does not work for you. What you send is not read."
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel"}


async def say(team: Stage, access_id: int, state: AccessState) -> None:
    async with team.database.write() as connection:
        await keep(team.database, connection, Entry(access_id, "Somebody", state, ADMIN["id"], NOW))


async def open_ones(team: Stage) -> list[Request]:
    return [*await team.requests.open_ones(skip=0, most=99)]


async def kept(team: Stage) -> list[tuple[int, str]]:
    files = [await team.access_cards.kept(request.id) for request in await open_ones(team)]
    return [(one.message_id, one.file_id) for some in files for one in some]


async def test_a_stranger_is_answered_once_and_the_admins_are_asked(team: Stage) -> None:
    outcomes = [await team.feed("message", team.message("/start", person=EVE)) for _ in range(3)]

    assert outcomes == [REFUSED] * 3
    assert team.said == [ASKED]
    (request,) = await open_ones(team)
    assert (request.chat_id, request.person_name, request.chat_title, request.leave_at) == (66, "Eve", None, None)
    assert team.woken


async def test_who_goes_on_writing_is_answered_again_an_hour_later(
    team: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await team.says("/start", person=EVE)
    monkeypatch.setattr(strangers, "SILENT_SECONDS", -1.0)
    await team.says("hello?", person=EVE)

    assert team.said == [ASKED, ASKED]
    assert len(await open_ones(team)) == 1


async def test_a_stranger_is_answered_in_their_language(team: Stage) -> None:
    await team.says("/start", person=EVE | {"language_code": "ru-RU"})

    assert team.said[0].startswith("Этот бот работает для одной команды.")
    (request,) = await open_ones(team)
    assert request.language == "ru"


async def test_a_file_waits_unread_and_its_preview_is_promised(team: Stage) -> None:
    sent = await team.sends("eve.txt", person=EVE)

    assert team.said == [f"{ASKED}\n{UNREAD}"]
    assert await kept(team) == [(sent["message_id"], "file-1")]
    assert not await team.has_job(sent)
    (request,) = await open_ones(team)
    (file,) = await team.access_cards.kept(request.id)
    assert (file.name, file.file_size, file.person_id, file.sent_at) == ("eve.txt", 1000, 66, NOW)


async def test_pasted_numbers_are_not_kept_and_the_stranger_is_told_so(team: Stage) -> None:
    pasted = await team.says("+79123456789", person=EVE)

    assert team.said == [f"{ASKED}\n{NOT_KEPT}"]
    assert await kept(team) == []
    assert not await team.has_job(pasted)


async def test_files_that_come_later_wait_too_but_only_so_many(team: Stage) -> None:
    await team.says("/start", person=EVE)
    for number in range(MOST_KEPT + 5):
        await team.sends(f"{number}.txt", person=EVE)

    assert team.said == [ASKED]
    assert len(await kept(team)) == MOST_KEPT


async def test_an_animation_is_no_list(team: Stage) -> None:
    moving = {"file_id": "a", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}
    await team.sends("cat.mp4", person=EVE, animation=moving)

    assert await kept(team) == []
    assert team.said == [ASKED]


async def test_an_update_that_is_handled_twice_changes_nothing_the_second_time(team: Stage) -> None:
    message = team.message(person=EVE, document=document("eve.txt"))
    for _ in range(2):
        await team.feed("message", message)

    assert len(await open_ones(team)) == 1
    assert len(await kept(team)) == 1
    assert len(team.said) == 1


async def test_a_crash_before_the_answer_heals_itself(team: Stage) -> None:
    team.telegram.fail(SendMessage, TelegramNetworkError, message="it broke")
    message = team.message("/start", person=EVE)
    with pytest.raises(TelegramNetworkError):
        await team.feed("message", message)
    (before,) = await open_ones(team)
    assert await team.feed("message", message) is REFUSED

    (after,) = await open_ones(team)
    assert (before.answered_at, after.id) == (None, before.id)
    assert after.answered_at is not None
    assert team.said == [ASKED, ASKED]


async def test_an_edited_file_is_kept_as_it_is_now_and_an_edited_text_is_nothing(team: Stage) -> None:
    sent = await team.sends("eve.txt", person=EVE)
    newer = sent | {"edit_date": NOW + 5, "document": document("new.txt", "file-2")}
    text = team.message("+79123456780", person=EVE) | {"edit_date": NOW + 5}

    assert [await team.feed("edited_message", one) for one in (newer, text)] == [REFUSED, REFUSED]
    assert await kept(team) == [(sent["message_id"], "file-2")]
    assert len(team.said) == 1


async def test_an_edit_alone_asks_nobody(team: Stage) -> None:
    message = team.message(person=EVE, document=document()) | {"edit_date": NOW + 5}

    assert await team.feed("edited_message", message) is REFUSED
    assert await open_ones(team) == []
    assert team.said == []


async def test_a_group_is_asked_about_as_one_whoever_writes_there(team: Stage) -> None:
    first = await team.says("/check", person=EVE, chat=OTHERS)
    for number in range(5):
        await team.says("/check", person=EVE | {"id": 70 + number}, chat=OTHERS)

    (sent,) = team.of(SendMessage)
    assert sent.text == ASKED_GROUP
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == first["message_id"]
    (request,) = await open_ones(team)
    assert (request.chat_id, request.chat_title, request.person_id) == (-100600, "Others", 66)
    assert request.leave_at is None


async def test_the_file_that_a_stranger_replies_to_with_check_waits_and_no_other(team: Stage) -> None:
    file = team.message(person=ANNA, chat=OTHERS, document=document("team.txt", "file-7"))
    for text in ("/jobs", "/check"):
        await team.says(
            text, person=EVE, chat=OTHERS, reply_to_message=file, message_thread_id=5, is_topic_message=True
        )

    assert await kept(team) == [(file["message_id"], "file-7")]
    (request,) = await open_ones(team)
    (one,) = await team.access_cards.kept(request.id)
    assert (one.chat_id, one.thread_id, one.person_id) == (-100600, 5, 66)


async def test_a_list_of_numbers_that_a_stranger_replies_to_is_not_kept(team: Stage) -> None:
    numbers = team.message("+79123456789", person=ANNA, chat=OTHERS)
    await team.says("/check", person=EVE, chat=OTHERS, reply_to_message=numbers)

    assert team.said == [f"{ASKED_GROUP}\n{NOT_KEPT}"]


@pytest.mark.parametrize(
    ("person", "sender", "name"),
    [
        (ANONYMOUS, OTHERS, "Others"),
        (CHANNEL, {"id": -100901, "type": "channel", "title": "News"}, "News"),
    ],
)
async def test_an_anonymous_admin_and_a_channel_are_answered_and_named_as_they_name_themselves(
    team: Stage, person: dict[str, Any], sender: dict[str, Any], name: str
) -> None:
    await team.says("/check", person=person, chat=OTHERS, sender_chat=sender)

    assert team.said == [ASKED_GROUP]
    (request,) = await open_ones(team)
    assert (request.chat_id, request.person_name, request.username) == (-100600, name, None)


async def test_another_bot_and_nobody_at_all_are_not_answered(team: Stage) -> None:
    bot = {"id": 99, "is_bot": True, "first_name": "Other"}

    assert await team.feed("message", team.message("/start", person=bot, chat=OTHERS)) is REFUSED
    assert await team.feed("message", team.message("/start", person=None, chat=OTHERS)) is REFUSED
    assert team.telegram.calls == []
    assert await open_ones(team) == []


async def test_a_name_of_any_kind_is_no_trouble(team: Stage) -> None:
    await team.says("/start", person=EVE | {"first_name": LONG_NAME, "last_name": "\u202e\n<b>"})

    (request,) = await open_ones(team)
    assert LONG_NAME in request.person_name


async def test_who_was_denied_is_told_so_once_an_hour_and_nobody_is_asked(team: Stage) -> None:
    await say(team, EVE["id"], AccessState.DENIED)
    for chat in (None, None, OTHERS, TEAM):
        assert await team.feed("message", team.message("/check +79123456789", person=EVE, chat=chat)) is REFUSED

    assert team.said == [DENIED]
    assert await open_ones(team) == []
    assert not team.woken


@pytest.mark.parametrize("chat", [None, OTHERS, TEAM])
async def test_who_is_blocked_is_answered_nothing_and_costs_nothing(team: Stage, chat: dict[str, Any] | None) -> None:
    await say(team, EVE["id"], AccessState.BLOCKED)
    for kind in ("message", "edited_message"):
        message = team.message(person=EVE, chat=chat, document=document()) | {"edit_date": NOW}
        assert await team.feed(kind, message) is REFUSED

    assert team.telegram.calls == []
    assert await open_ones(team) == []
    assert not team.woken


async def test_a_group_whose_leave_was_taken_away_hears_nothing(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.DENIED)

    assert await team.feed("message", team.message("/check", person=EVE, chat=OTHERS)) is REFUSED
    assert team.telegram.calls == []
    assert await open_ones(team) == []


async def test_a_blocked_group_that_the_bot_is_still_in_is_left(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.BLOCKED)

    assert await team.feed("message", team.message("/check", person=EVE, chat=OTHERS)) is REFUSED
    assert [call.chat_id for call in team.of(LeaveChat)] == [OTHERS["id"]]
    assert team.said == []


async def test_who_is_let_in_just_as_they_write_is_no_stranger_to_that_message(
    team: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = type(team.requests).ask

    async def too_late(requests: Any, new: Any, *rest: Any) -> Request | None:
        await say(team, EVE["id"], AccessState.APPROVED)
        return await ask(requests, new, *rest)

    monkeypatch.setattr(type(team.requests), "ask", too_late)
    sent = await team.sends(person=EVE)

    assert await team.has_job(sent)
    assert team.said == []


async def test_who_is_kept_out_just_as_they_write_stays_out(team: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = type(team.requests).ask

    async def too_late(requests: Any, new: Any, *rest: Any) -> Request | None:
        await say(team, EVE["id"], AccessState.BLOCKED)
        return await ask(requests, new, *rest)

    monkeypatch.setattr(type(team.requests), "ask", too_late)
    sent = await team.sends(person=EVE)

    assert not await team.has_job(sent)
    assert team.said == []


@pytest.mark.parametrize(
    "error", [(TelegramForbiddenError, "bot was blocked by the user"), (TelegramBadRequest, "not enough rights")]
)
async def test_a_stranger_who_cannot_be_answered_is_refused_like_any_other(team: Stage, error: tuple[Any, str]) -> None:
    team.telegram.fail(SendMessage, error[0], message=error[1])

    assert await team.feed("message", team.message("/start", person=EVE)) is REFUSED
    assert len(await open_ones(team)) == 1


async def test_a_stranger_who_presses_is_told_and_changes_nothing(team: Stage) -> None:
    job = await team.preview()

    for chat in (None, OTHERS):
        answer = await team.presses(f"check:{job.token}:1", person=EVE, chat=chat)
        assert answer == "This bot works for one team, and you are not on its list."
    assert (await team.now(job)).queued_at is None
    assert await open_ones(team) == []


async def test_the_press_of_a_blocked_person_ends_their_spinner_and_says_nothing(team: Stage) -> None:
    await say(team, EVE["id"], AccessState.BLOCKED)
    job = await team.preview()

    assert await team.presses(f"check:{job.token}:1", person=EVE, chat=TEAM) == ""
    (answer,) = team.of(AnswerCallbackQuery)
    assert not answer.show_alert
    assert (await team.now(job)).queued_at is None


async def test_a_stranger_cannot_let_themselves_in(team: Stage) -> None:
    await team.says("/start", person=EVE)
    (request,) = await open_ones(team)
    for data in (f"admit:{request.token}:approved", f"letin:{EVE['id']}:0", "access:0:"):
        await team.presses(data, person=EVE)
    await team.says("/access", person=EVE)

    assert (await team.accesses.known(EVE["id"], None)).person is None
    assert len(await open_ones(team)) == 1


async def test_everybody_in_an_allowed_group_and_an_admin_anywhere_may_use_the_bot(team: Stage) -> None:
    assert await team.has_job(await team.says("/check +79123456789", person=EVE, chat=TEAM))
    assert await team.has_job(await team.says("/check +79123456789", person=ADMIN, chat=OTHERS))


async def test_who_speaks_in_a_group_is_remembered_as_seen_there_but_who_only_presses_is_not(team: Stage) -> None:
    await team.says("/help", person=EVE, chat=TEAM)
    await team.presses("check:nothing:1", person=EVE | {"id": 67}, chat=TEAM)

    assert await team.accesses.purge(float(2**40)) == 1


async def test_an_admin_of_a_bot_answers_for_all_who_have_asked(team: Stage) -> None:
    for number in range(3):
        await team.says("/start", person=EVE | {"id": 100 + number})
    for request in await open_ones(team):
        await team.requests.decide(request.token, Decision.APPROVED, (ADMIN["id"], "Ada"), NOW)

    assert await team.has_job(await team.says("+79123456789", person=EVE | {"id": 101}))


async def test_a_bot_without_admins_tells_strangers_their_ids_once_and_asks_nobody(tmp_path: Path) -> None:
    async with stage(tmp_path, admin_ids=frozenset()) as team:
        for _ in range(3):
            await team.says("/start", person=EVE)
        await team.says("/check", person=EVE | {"id": 67}, chat=OTHERS)

        assert len(team.said) == 2
        assert "<code>66</code>" in team.said[0]
        assert "No list of yours has been read." in team.said[0]
        assert "<code>67</code>" in team.said[1]
        assert "<code>-100600</code>" in team.said[1]
        assert await open_ones(team) == []


async def test_with_both_lists_empty_everybody_is_a_stranger(tmp_path: Path) -> None:
    async with stage(tmp_path, admin_ids=frozenset(), allowed_ids=frozenset()) as nobody:
        await nobody.says("/start")
        pasted = await nobody.says("+79123456789")

        assert len(nobody.said) == 1
        assert "<code>11</code>" in nobody.said[0]
        assert not await nobody.has_job(pasted)
