from pathlib import Path

import pytest
from aiogram.methods import EditMessageText, SendDocument, SendMessage
from aiogram.types import Message

from bot.sample import SAMPLE
from handlers.intake import Desk
from tests.fakes import ADMIN, ANNA, BORIS, NAME, NOW, TEAM, Stage, labels, private, stage

STALE = "This button no longer does anything. /jobs shows how the lists stand."


async def test_start_says_what_it_does_and_offers_a_sample(team: Stage) -> None:
    await team.says("/start", person=BORIS)

    (sent,) = team.of(SendMessage)
    assert sent.text.startswith("Я узнаю, у каких номеров из списка есть аккаунт в Telegram.")
    assert labels(sent.reply_markup) == ["Попробовать на примере", "Как это работает"]


async def test_start_in_a_group_is_one_line_without_buttons(team: Stage) -> None:
    await team.says("/start", chat=TEAM)

    (sent,) = team.of(SendMessage)
    assert sent.text.endswith(f"Reply /check@{NAME} to a list; /help@{NAME} says more.")
    assert sent.reply_markup is None


async def test_one_press_makes_the_sample_a_list_of_whoever_pressed(team: Stage) -> None:
    assert await team.presses("sample::", person=BORIS) == ""

    (sent,) = team.of(SendDocument)
    assert getattr(sent.document, "data", None) == SAMPLE
    (job,) = await team.jobs.not_pressed(BORIS["id"])
    assert (job.name, job.starter_id, job.language) == ("sample.txt", BORIS["id"], "ru")
    assert job.list_message_id == team.telegram.last_message_id
    assert team.woken


async def test_a_sample_that_waits_is_pointed_at_and_one_that_ended_comes_anew(team: Stage) -> None:
    await team.presses("sample::")
    (job,) = await team.jobs.not_pressed(ANNA["id"])
    await team.read(job)
    await team.presses("sample::")

    assert len(team.files) == 1
    assert team.said == ["That list waits for your press: see my message about it."]

    await team.presses(f"cancel:{job.token}:")
    await team.presses("sample::")
    assert len(team.files) == 2


@pytest.mark.parametrize("data", ["sample:x:", "sample::x", "help:nothing:", "help::", "help:send:x"])
async def test_what_no_button_carries_does_nothing(team: Stage, data: str) -> None:
    assert await team.presses(data) == STALE
    assert team.of(EditMessageText) == []


async def test_a_sample_is_for_private_chats(team: Stage) -> None:
    assert await team.presses("sample::", chat=TEAM) == STALE
    assert team.files == []


async def test_help_opens_its_topics_in_the_same_message(team: Stage) -> None:
    await team.says("/help")
    (menu,) = team.of(SendMessage)

    assert f"reply to a list with /check@{NAME}" in menu.text
    assert labels(menu.reply_markup)[0] == "How to send numbers"
    await team.presses("help:words:", message_id=77)
    assert team.drawn.message_id == 77
    assert team.drawn.text.startswith("<b>What the words mean</b>")
    await team.presses("help:menu:", message_id=77)
    assert team.drawn.text == menu.text
    assert len(team.said) == 1


async def test_help_names_the_price_where_there_is_one(team: Stage, tmp_path: Path) -> None:
    await team.presses("help:cost:")
    async with stage(tmp_path / "free", price_per_1000=None) as free:
        await free.presses("help:cost:")

        assert "$0.15 for 1,000 numbers." in team.drawn.text
        assert "for 1,000 numbers" not in free.drawn.text


async def test_help_tells_an_admin_in_private_what_admins_can_do(team: Stage) -> None:
    await team.says("/help", person=ADMIN)
    assert labels(team.of(SendMessage)[-1].reply_markup)[-1] == "For admins"
    await team.presses("help:admin:", person=ADMIN)
    assert "/unsure" in team.drawn.text
    assert "/pause" in team.drawn.text

    await team.says("/help")
    assert "For admins" not in labels(team.of(SendMessage)[-1].reply_markup)
    assert await team.presses("help:admin:") == STALE
    assert await team.presses("help:admin:", person=ADMIN, chat=TEAM) == STALE


async def test_a_second_run_of_what_sends_the_sample_makes_no_second_list(team: Stage) -> None:
    desk: Desk = team.dispatcher["desk"]
    message = team.message(None, chat=private(ANNA), document={"file_id": "f", "file_unique_id": "u"}, date=NOW)
    sent = Message.model_validate(message)
    first = await desk.hand_in_sample(sent, (ANNA["id"], "Anna"), "en")
    assert (await desk.hand_in_sample(sent, (ANNA["id"], "Anna"), "en")).id == first.id
