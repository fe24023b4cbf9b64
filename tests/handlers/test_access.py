"""What admins decide: on the cards that ask them and in /access, once, in private, and nobody else can."""

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Press
from handlers.access import SHOWN, _number, _page_of
from storage.access import AccessState, Entry, keep
from storage.access_requests import Decision, NewRequest, Request
from tests.fakes import ADMIN, ANNA, EVE, LONG_NAME, NOW, OTHERS, TEAM, Stage, labels, private, seen, stage, units

STALE = "This button no longer does anything. /access shows who may use the bot."
ADMINS_ONLY = "Only the bot’s admins can press this."


async def say(team: Stage, access_id: int, state: AccessState, name: str = "Somebody", at: float = NOW) -> None:
    async with team.database.write() as connection:
        await keep(team.database, connection, Entry(access_id, name, state, ADMIN["id"], at))


async def state(team: Stage, access_id: int) -> AccessState | None:
    return (await team.accesses.known(access_id, None)).person


async def knocks(team: Stage, person_id: int = EVE["id"], *, chat: dict[str, Any] | None = None) -> Request:
    title = chat["title"] if chat else None
    new = NewRequest(chat["id"] if chat else person_id, title, person_id, "Eve", "eve", "en")
    request = await team.requests.ask(new, None, NOW)
    assert request is not None
    return request


def pages(team: Stage) -> list[str]:
    """What the list says each time it is sent or drawn anew."""
    drawn = [call for call in team.telegram.calls if isinstance(call, (SendMessage, EditMessageText))]
    return [seen(str(call.text)) for call in drawn]


@pytest.mark.parametrize(
    ("word", "said", "then"),
    [
        ("approved", "Eve may use the bot now.", AccessState.APPROVED),
        ("denied", "Eve was denied.", AccessState.DENIED),
        ("blocked", "Eve was blocked.", AccessState.BLOCKED),
    ],
)
async def test_an_admin_decides_with_one_press(team: Stage, word: str, said: str, then: AccessState) -> None:
    request = await knocks(team)
    assert await team.presses(f"admit:{request.token}:{word}", person=ADMIN) == said
    assert await state(team, EVE["id"]) is then
    now = await team.requests.get(request.token)
    assert now is not None
    assert (now.decided_by, now.decided_by_name) == (ADMIN["id"], "Ada")
    assert team.woken


async def test_the_second_press_says_who_was_quicker(team: Stage) -> None:
    request = await knocks(team)
    await team.requests.decide(request.token, Decision.DENIED, (14, "Olga"), NOW)
    for word in ("approved", "denied", "blocked"):
        assert await team.presses(f"admit:{request.token}:{word}", person=ADMIN) == "Olga was quicker: denied."
    assert await state(team, EVE["id"]) is AccessState.DENIED


async def test_a_press_about_a_group_that_was_left_says_so(team: Stage) -> None:
    request = await knocks(team, chat=OTHERS)
    await team.requests.no_longer_there(OTHERS["id"], NOW)
    answer = await team.presses(f"admit:{request.token}:approved", person=ADMIN)
    assert answer == "I am no longer in that group. Add me again, then it is asked again."
    assert await state(team, OTHERS["id"]) is None


@pytest.mark.parametrize("person", [ANNA, EVE])
async def test_only_admins_decide(team: Stage, person: dict[str, Any]) -> None:
    request = await knocks(team)
    await say(team, -5, AccessState.APPROVED)
    for data in (f"admit:{request.token}:approved", "revoke:-5:0", "letin:66:0", "access:0:"):
        for chat in (None, TEAM, private(ADMIN)):
            assert await team.presses(data, person=person, chat=chat) in {
                ADMINS_ONLY,
                "This bot works for one team, and you are not on its list.",
            }
    assert await state(team, EVE["id"]) is None
    assert await state(team, -5) is AccessState.APPROVED
    assert pages(team) == []


async def test_admins_decide_in_private_only(team: Stage) -> None:
    request = await knocks(team)
    for chat in (TEAM, OTHERS, private(ANNA)):
        assert await team.presses(f"admit:{request.token}:approved", person=ADMIN, chat=chat) == ADMINS_ONLY
    assert await state(team, EVE["id"]) is None


@pytest.mark.parametrize(
    "data",
    [
        *("admit:forged:approved", "admit:{token}:left", "admit:{token}:", "admit:{token}:APPROVED", "admit::approved"),
        *("revoke:66:0", "revoke:x:0", "revoke::0", "revoke:99999999999999999999:0", "letin:66:0", "letin:--1:0"),
    ],
)
async def test_forged_and_stale_presses_do_nothing_and_are_answered(team: Stage, data: str) -> None:
    request = await knocks(team)
    assert await team.presses(data.format(token=request.token), person=ADMIN) == STALE
    assert await state(team, EVE["id"]) is None
    assert await team.requests.count_open() == 1
    assert not team.woken


@given(
    action=st.sampled_from(["admit", "revoke", "letin", "access"]),
    token=st.text(max_size=20) | st.integers().map(str),
    word=st.text(max_size=15) | st.integers().map(str) | st.sampled_from(["approved-1", "denied-", "-", "approved-x"]),
)
def test_no_button_that_somebody_makes_up_is_a_page_or_an_id_that_cannot_be(action: str, token: str, word: str) -> None:
    press = Press.unpack(f"{action}:{token}:{word}")
    if press is not None:
        page = _page_of(press)
        assert page is None or abs(page) < 10**17
        number = _number(press.token)
        assert number is None or abs(number) < 10**17


async def test_who_is_let_in_is_kept_out_from_the_next_message_on(team: Stage) -> None:
    await say(team, EVE["id"], AccessState.APPROVED, "Eve")
    assert await team.has_job(await team.says("+79123456789", person=EVE))
    assert await team.presses(f"revoke:{EVE['id']}:0", person=ADMIN) == "Eve may no longer use the bot."
    assert not await team.has_job(await team.says("+79123456780", person=EVE))
    assert await team.presses(f"revoke:{EVE['id']}:0", person=ADMIN) == STALE


async def test_a_group_is_kept_out_and_stays_silent(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.APPROVED, "Others")
    await team.groups.set_takes_files(OTHERS["id"], takes=True)
    await team.presses(f"revoke:{OTHERS['id']}:", person=ADMIN)
    before = len(team.said)
    assert not await team.has_job(await team.says("/check +79123456789", person=EVE, chat=OTHERS))
    assert len(team.said) == before
    assert team.dispatcher["audience"].takes_files() == frozenset()


@pytest.mark.parametrize("before", [AccessState.DENIED, AccessState.BLOCKED])
async def test_who_is_kept_out_is_let_in_again_and_is_to_be_told(team: Stage, before: AccessState) -> None:
    await say(team, EVE["id"], before, "Eve")
    await team.chats.set_language(EVE["id"], "ru")
    assert await team.presses(f"letin:{EVE['id']}:0", person=ADMIN) == "Eve may use the bot now."
    assert await team.has_job(await team.says("+79123456789", person=EVE))
    (told,) = await team.access_cards.unfinished()
    assert (told.chat_id, told.language) == (EVE["id"], "ru")
    assert await team.presses(f"letin:{EVE['id']}:0", person=ADMIN) == STALE


async def test_who_is_let_in_again_hears_of_it_in_the_language_of_their_telegram(team: Stage) -> None:
    await say(team, EVE["id"], AccessState.DENIED, "Eve")
    await team.says("let me in", person=EVE | {"language_code": "ru"})
    await team.presses(f"letin:{EVE['id']}:0", person=ADMIN)
    (told,) = await team.access_cards.unfinished()
    assert (told.chat_id, told.language) == (EVE["id"], "ru")


async def test_letting_a_group_in_takes_its_files_unasked_where_it_had_said_so(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.DENIED)
    await team.groups.set_takes_files(OTHERS["id"], takes=True)
    await team.presses(f"letin:{OTHERS['id']}:0", person=ADMIN)
    assert team.dispatcher["audience"].takes_files() == {OTHERS["id"]}


async def test_a_notice_loses_its_button_once_it_was_pressed(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.APPROVED, "Others")
    await team.presses(f"revoke:{OTHERS['id']}:", person=ADMIN, message_id=77)
    (edit,) = team.of(EditMessageText)
    assert (edit.chat_id, edit.message_id, edit.reply_markup) == (ADMIN["id"], 77, None)


async def test_the_list_says_who_asks_who_is_let_in_and_who_is_kept_out(team: Stage) -> None:
    await knocks(team)
    await knocks(team, 67, chat=OTHERS)
    await say(team, -5, AccessState.APPROVED, "Sales")
    await say(team, 5, AccessState.APPROVED, "Anna")
    await say(team, 6, AccessState.BLOCKED, "Mallory")
    await team.says("/access", person=ADMIN)
    (sent,) = team.of(SendMessage)
    shown = seen(sent.text).replace("\u2068", "").replace("\u2069", "").splitlines()
    assert shown[1] == "open requests 2 · groups 1 · people 1 · kept out 1"
    assert [line.partition(" · ")[0] for line in shown[2:7]] == [
        "1. Eve 66",
        "2. group Others -100600",
        "3. group Sales -5",
        "4. Anna 5",
        "5. Mallory 6",
    ]
    assert "from Eve 67" in shown[3]
    assert "ALLOWED_IDS lets in 3 more." in sent.text
    assert labels(sent.reply_markup) == [
        *("1 · Approve", "1 · Deny", "1 · Block", "2 · Approve", "2 · Deny", "2 · Block"),
        *("3 · Revoke", "4 · Revoke", "5 · Let in"),
    ]


async def test_a_long_list_has_pages_and_a_press_draws_its_own_page_anew(team: Stage) -> None:
    for number in range(3):
        await knocks(team, 200 + number)
    for number in range(2 * SHOWN):
        await say(team, 1000 + number, AccessState.APPROVED, f"Person{number:02}", NOW - number)
    await team.says("/access", person=ADMIN)
    await team.presses("access:1:", person=ADMIN)
    await team.presses("access:2:", person=ADMIN)
    await team.presses("access:99:", person=ADMIN)
    numbers = [[line.partition(".")[0] for line in page.splitlines() if line[0].isdecimal()] for page in pages(team)]
    assert numbers == [
        [str(one) for one in range(1, 9)],
        [str(one) for one in range(9, 17)],
        ["17", "18", "19"],
        ["17", "18", "19"],
    ]
    assert "Person05" in pages(team)[1]
    await team.presses("revoke:1005:1", person=ADMIN)
    last = team.of(EditMessageText)[-1]
    assert "Person05" not in str(last.text)
    assert "Person06" in str(last.text)
    assert labels(last.reply_markup)[-2:] == ["Back", "More"]
    drawn = len(pages(team))
    await team.presses("access::", person=ADMIN)
    assert len(pages(team)) == drawn, "a page that nobody wrote on a button is not drawn"


async def test_a_request_is_answered_in_the_list_too(team: Stage) -> None:
    request = await knocks(team)
    assert await team.presses(f"admit:{request.token}:approved-0", person=ADMIN) == "Eve may use the bot now."
    (page,) = pages(team)
    assert "open requests 0" in page
    assert "let in" in page


async def test_with_nobody_in_it_the_list_says_so_and_has_no_buttons(tmp_path: Any) -> None:
    async with stage(tmp_path, allowed_ids=frozenset()) as alone:
        await alone.says("/access", person=ADMIN)
        (sent,) = alone.of(SendMessage)
        assert "open requests 0 · groups 0 · people 0 · kept out 0" in sent.text
        assert "ALLOWED_IDS" not in sent.text
        assert sent.reply_markup is None


async def test_the_list_fits_into_a_message_whatever_people_are_called(team: Stage) -> None:
    for number in range(SHOWN):
        await say(team, -(10**12) - number, AccessState.APPROVED, LONG_NAME)
    await team.says("/access", person=ADMIN)
    (sent,) = team.of(SendMessage)
    assert units(sent.text) < 2000
    assert "\u202e" not in sent.text
    assert "<b>&amp;" not in sent.text


async def test_the_list_is_for_admins_and_not_shown_where_others_read(team: Stage) -> None:
    await say(team, -5, AccessState.APPROVED, "Secret")
    await team.says("/access", person=ANNA)
    await team.says("/access", person=ADMIN, chat=TEAM)
    assert [("Secret" in said) for said in team.said] == [False, False]
    assert team.said[0] == "Only the bot’s admins can do that."


async def test_an_admin_who_was_not_reached_hears_at_their_start_that_somebody_waits(team: Stage) -> None:
    request = await knocks(team)
    await team.access_cards.note_card(request.id, ADMIN["id"], None)
    for _ in range(2):
        await team.says("/start", person=ADMIN)
    await team.says("/start", person=ANNA)
    heard = [said for said in team.said if "/access lists them" in said]
    assert len(heard) == 1
    assert len(team.said) == 4


async def test_a_list_that_was_deleted_is_no_trouble(team: Stage) -> None:
    await say(team, -5, AccessState.APPROVED)
    team.telegram.fail(EditMessageText, TelegramBadRequest, message="message to edit not found")
    assert await team.presses("revoke:-5:0", person=ADMIN) == "Somebody may no longer use the bot."


async def test_every_answer_fits_into_an_alert(team: Stage) -> None:
    await say(team, -5, AccessState.APPROVED, LONG_NAME)
    request = await knocks(team)
    await team.requests.decide(request.token, Decision.DENIED, (14, LONG_NAME), NOW)
    for data in ("revoke:-5:0", "letin:-5:0", f"admit:{request.token}:approved"):
        answer = await team.presses(data, person=ADMIN)
        assert answer is not None
        assert 0 < len(answer.encode("utf-16-le")) <= 400
    assert all(call.show_alert for call in team.of(AnswerCallbackQuery))
