"""Lists on their way in, by the real process: pasted, cut in pieces, edited, cancelled, of a country, large."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.running import Rehearsal, rehearsal
from tests.talking import charges, sheet, talk, verdicts, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a person of its own."""
    async with rehearsal(tmp_path_factory.mktemp("lists")) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


async def test_pasted_numbers_are_a_list(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.say("call +7 921 100-00-01 or +7 (921) 100-00-02, and +44 7400 300001")
    card = await boris.hears("Pasted numbers · Boris")
    result = await boris.checks(card)

    assert len(charges(run, "+79211000001", "+79211000002", "+447400300001")) == 1
    assert [row[3] for row in sheet(result)[1:]] == ["+7 921 100-00-01", "+7 (921) 100-00-02", "+44 7400 300001"]
    assert str((result.document or {})["file_name"]).startswith("numbers_checked_")


async def test_a_long_paste_cut_by_the_client_is_one_list(run: Rehearsal) -> None:
    numbers = [f"+7921101{n:04}" for n in range(500)]
    boris = talk(run)
    pieces = await run.telegram.paste(boris.person, boris.chat_id, "\n".join(numbers))
    assert len(pieces) > 1
    card = await boris.hears("500 numbers")
    result = await boris.checks(card)

    assert len(charges(run, *numbers)) == 1
    assert [row[0] for row in sheet(result)[1:]] == numbers
    assert card.reply_to is not None
    assert card.reply_to.message_id == pieces[0]
    assert len(run.telegram.bot_messages(boris.chat_id)) == 2


async def test_the_country_is_asked_once_and_kept_for_the_chat(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.say("8 (495) 123-45-01\n8 (495) 123-45-02")
    card = await boris.hears(words("preview-which-country", count=2))
    assert words("preview-none") in card.text
    assert not [label for label in card.labels if label.startswith("Check")]
    await boris.press(card, "🇷🇺 Russia")
    await boris.sees(card, "2 numbers: 🇷🇺 Russia")
    await boris.press(card, "Cancel")
    await boris.sees(card, words("final-cancelled", name="Pasted numbers"))

    await boris.send("second.txt", "8 (495) 123-45-03")
    second = await boris.hears("second.txt")
    assert "1 number: 🇷🇺 Russia" in second.text
    assert words("preview-region", country="🇷🇺 Russia") in second.text
    result = await boris.checks(second)
    assert set(verdicts(result)) == {"+74951234503"}
    assert len(charges(run, "+74951234503")) == 1


async def test_country_shows_and_changes_how_an_open_list_is_read(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.send("home.txt", "020 7946 0001\n020 7946 0002")
    card = await boris.hears("home.txt")
    await boris.say("/country")
    await boris.hears(words("country-none"))
    await boris.say("/country United Kingdom")
    await boris.hears(words("country-set", country="🇬🇧 United Kingdom"))
    await boris.sees(card, "2 numbers: 🇬🇧 United Kingdom")
    await boris.checks(card)

    assert len(charges(run, "+442079460001", "+442079460002")) == 1


async def test_what_is_left_out_is_not_sent(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.send("part.txt", "+79211020001\n8 (495) 123-45-04")
    card = await boris.hears(words("preview-which-country", count=1))
    await boris.press(card, "Leave out")
    await boris.sees(card, words("preview-left-out", count=1))
    await boris.checks(card)

    assert len(charges(run, "+79211020001")) == 1


async def test_an_edit_before_the_press_is_read_again_and_an_old_press_spends_nothing(run: Rehearsal) -> None:
    boris = talk(run)
    sent = await boris.say("+79211030001\n+79211030002")
    card = await boris.hears("2 numbers")
    seen_before = card.keyboard[0][0]["callback_data"]
    await run.telegram.edit_text(boris.person, boris.chat_id, sent, "+79211030001\n+79211030003\n+79211030004")
    await boris.sees(card, "3 numbers")
    answer = await run.telegram.press(boris.person, boris.chat_id, card.message_id, seen_before)
    assert answer.text == words("press-changed")
    assert answer.show_alert
    await boris.checks(card)

    assert len(charges(run, "+79211030001", "+79211030003", "+79211030004")) == 1
    assert not charges(run, "+79211030001", "+79211030002")


async def test_a_cancelled_list_costs_nothing_and_its_buttons_are_gone(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.say("+79211040001")
    card = await boris.hears("1 number")
    check = card.keyboard[0][0]["callback_data"]
    answer = await boris.press(card, "Cancel")
    assert answer.text == words("press-cancelled")
    await boris.sees(card, words("final-cancelled", name="Pasted numbers"))
    assert card.labels == []
    late = await run.telegram.press(boris.person, boris.chat_id, card.message_id, check)
    assert late.answered
    await boris.say("/jobs")
    await boris.hears(words("state-cancelled"))

    assert not charges(run, "+79211040001")


async def test_two_presses_are_one_check(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.say("+79211050001")
    card = await boris.hears("1 number")
    check = card.keyboard[0][0]["callback_data"]
    answers = await asyncio.gather(
        *(run.telegram.press(boris.person, boris.chat_id, card.message_id, check) for _ in range(3))
    )
    await boris.result()

    assert all(answer.answered for answer in answers)
    assert len(charges(run, "+79211050001")) == 1


async def test_the_second_shape_of_the_submit_answer_is_understood(run: Rehearsal) -> None:
    run.checker.change(submit_shape="short", fraction_digits=3, amounts=True)
    boris = talk(run)
    await boris.say("+79211060001\n+79211060002")
    result = await boris.checks(await boris.hears("2 numbers"))
    run.checker.change(submit_shape="full", fraction_digits=9, amounts=False)

    assert len(charges(run, "+79211060001", "+79211060002")) == 1
    assert set(verdicts(result)) == {"+79211060001", "+79211060002"}
    assert "less than $0.01" in result.text


async def test_two_people_at_once_get_each_their_own(run: Rehearsal) -> None:
    lists = [[f"+792110{who}{n:04}" for n in range(40)] for who in (7, 8, 9)]
    people = [talk(run, name) for name in ("Boris", "Clara", "Dmitri")]
    for person, numbers in zip(people, lists, strict=True):
        await person.send("same name.txt", "\n".join(numbers))
    cards = [await person.hears("40 numbers") for person in people]
    results = await asyncio.gather(*(person.checks(card) for person, card in zip(people, cards, strict=True)))

    for result, numbers in zip(results, lists, strict=True):
        assert [row[0] for row in sheet(result)[1:]] == numbers
        assert len(charges(run, *numbers)) == 1


async def test_help_is_answered_while_a_large_list_is_read(run: Rehearsal) -> None:
    run.checker.change(numbers_per_second=30_000.0)
    numbers = [f"+7922{n:07}" for n in range(30_000)]
    boris = talk(run)
    await boris.send("large.txt", "\n".join(f"{n[:2]} ({n[2:5]}) {n[5:8]}-{n[8:10]}-{n[10:]}" for n in numbers))
    await run.telegram.wait_for(lambda server: any(one.size > 500_000 for one in server.downloads) or None)
    await boris.say("/help")
    answered = await boris.hears(words("help", bot="number_check_bot").splitlines()[0])
    assert not run.telegram.last(boris.chat_id, "large.txt")
    card = await boris.hears("30,000 numbers")
    result = await boris.checks(card)
    run.checker.change(numbers_per_second=2000.0)

    assert answered.message_id < card.message_id
    assert len(charges(run, *numbers)) == 1
    assert [row[0] for row in sheet(result)[1:]] == numbers


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9, "refused-not-text"),
        ("words.txt", b"no numbers here\n", "refused-no-numbers"),
        ("blank.txt", b" \r\n\r\n", "refused-empty"),
    ],
)
async def test_what_is_no_list_gets_a_clear_answer_and_no_offer(
    run: Rehearsal, name: str, data: bytes, answer: str
) -> None:
    boris = talk(run)
    await boris.send(name, data)
    said = await boris.hears(words(answer, name=name))

    assert not [label for label in said.labels if label.startswith("Check")]


async def test_a_file_that_telegram_finds_too_big_is_named_so(run: Rehearsal) -> None:
    run.telegram.faults.arm("refuse", method="getFile", code=400, description="Bad Request: file is too big")
    boris = talk(run)
    await boris.send("huge.txt", b"+79211080001", size=25 * 2**20)
    await boris.hears("is too big")
    run.telegram.faults.disarm("refuse")
