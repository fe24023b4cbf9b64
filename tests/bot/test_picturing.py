"""The picture that follows a result by itself: an extra that holds nothing up and never comes twice."""

import pytest

from bot.job import JobState
from sandbox.chats import Message
from storage.groups import ResultsTo
from tests.bot.bench import Bench
from tests.bot.test_delivering import ready


def pictures(bench: Bench, chat_id: int | None = None) -> list[Message]:
    return [one for one in bench.telegram.bot_messages(chat_id or bench.chat_id) if "photo" in one.content]


async def test_where_a_chat_wants_it_the_picture_follows_the_result(bench: Bench) -> None:
    bench.pictures = True
    job = await bench.settled(await ready(bench))

    (result,), (picture,) = bench.documents(), pictures(bench)
    assert job.state is JobState.DONE
    assert picture.message_id > result.message_id
    assert picture.text == "Pasted numbers: 33.3\xa0% on Telegram"
    assert picture.reply_to is not None
    assert picture.reply_to.message_id == job.list_message_id


async def test_where_nothing_was_set_there_is_none(bench: Bench) -> None:
    await bench.settled(await ready(bench))
    assert pictures(bench) == []


@pytest.mark.parametrize("fault", ["flood_bare", "server_error", "cut_before", "cut_after", "bad_gateway", "not_json"])
async def test_a_picture_that_fails_neither_holds_the_result_up_nor_comes_again(bench: Bench, fault: str) -> None:
    bench.pictures = True
    bench.faults.arm(fault, method="sendPhoto")
    job = await bench.settled(await ready(bench))
    await bench.wait(3600)

    assert (job.state, job.sending, len(bench.documents())) == (JobState.DONE, False, 1)
    assert len(bench.calls("sendPhoto")) == 1
    assert "The result is below." in bench.card(job).text


async def test_a_long_pause_that_telegram_asks_for_leaves_the_result_delivered(bench: Bench) -> None:
    bench.pictures = True
    bench.faults.arm("flood", method="sendPhoto", seconds=400)
    job = await bench.settled(await ready(bench))
    assert (job.state, len(bench.documents()), pictures(bench)) == (JobState.DONE, 1, [])


async def test_of_what_could_not_be_drawn_only_the_picture_is_left_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr("bot.picturing.draw", broken)
    bench.pictures = True
    job = await bench.settled(await ready(bench))
    assert (job.state, len(bench.documents()), pictures(bench)) == (JobState.DONE, 1, [])


async def test_a_group_whose_files_go_to_persons_gets_the_picture_after_its_counts(bench: Bench) -> None:
    bench.pictures = True
    group = bench.telegram.add_group("Team", [bench.anna], bot="administrator")
    await bench.store.groups.set_results_to(group, ResultsTo.STARTER)
    job = await bench.preview(chat_id=group)
    await bench.until(await bench.press(job), JobState.DONE)

    assert len(pictures(bench, group)) == 1
    assert bench.documents(group) == []
    assert len(bench.documents()) == 1
    assert pictures(bench) == []
