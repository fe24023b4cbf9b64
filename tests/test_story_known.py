"""Only new numbers are paid for, by the real process: by clicks, in a group, and with `kill -9` in the middle."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.chats import Message
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, sheet, talk, verdicts, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICE = {"PRICE_PER_1000": "1000"}
"""A dollar a number."""
KILLED_AT = (
    "before commit of submits.begin_submit#1",
    "before commit of tasks.keep_result#1",
    "before sendDocument#1",
    "after commit of tasks.arrived#1",
    "before commit of tasks.delivered#1",
)
SENT_AND_NOT_NOTED = "after submit#1"
NOTHING_NEW = "before commit of tasks.keep_known#1"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for the stories that kill nothing."""
    async with rehearsal(tmp_path_factory.mktemp("known"), settings=PRICE) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


def listed(first: int, count: int) -> list[str]:
    return [f"+79{first:05}{n:04}" for n in range(count)]


async def test_of_a_list_with_80_percent_known_numbers_only_the_other_20_are_charged(run: Rehearsal) -> None:
    known, new = listed(27000, 8), listed(27001, 2)
    boris = talk(run)
    await boris.send("first.txt", "\n".join(known))
    await boris.checks(await boris.hears("first.txt"))
    await boris.delivered()
    await boris.send("second.txt", "\n".join([*new, *known]))
    card = await boris.hears("second.txt")
    assert words("preview-known", known=8, count=10, new=2, days=30) in card.text
    assert card.labels[:2] == ["Check 2 new · $2.00", "Check all 10 · $10.00"]
    result = await boris.checks(card)

    await boris.delivered()
    assert len(charges(run, *new)) == len(charges(run, *known)) == 1
    assert [row[0] for row in sheet(result)[1:]] == [*new, *known]
    assert verdicts(result) == {number: run.checker.verdict_of(number) for number in (*new, *known)}
    assert "2 checked now · 8 known from before" in result.text
    assert "$2.00" in result.text
    assert {row[0]: row[1] for row in sheet(result, "Summary")}[words("sheet-recalled")] == 8

    await boris.say(f"/find {known[0]}")
    told = await boris.hears(known[0])
    assert "first.txt" in told.text
    await boris.send("third.txt", "\n".join([*known, *new[:1]]))
    card = await boris.hears("third.txt")
    await boris.press(card, words("button-result-free"))
    free = await boris.result()
    assert words("summary-free") in free.text
    assert set(verdicts(free)) == {*known, new[0]}
    assert sum(len(charge.numbers) for charge in run.checker.ledger if set(charge.numbers) & {*known, *new}) == 10


async def test_a_result_can_be_checked_again_and_says_what_has_changed(run: Rehearsal) -> None:
    numbers = listed(27100, 6)
    boris = talk(run)
    run.checker.change(share_yes=1.0)
    await boris.send("again.txt", "\n".join(numbers))
    first = await boris.checks(await boris.hears("again.txt"))
    run.checker.change(share_yes=0.0)
    await boris.delivered()
    answers = await asyncio.gather(*(boris.press(first, words("button-check-again")) for _ in range(2)))
    assert {answer.text for answer in answers} == {words("press-opened")}
    card = await boris.hears("Check")
    await boris.sees(card, "again.txt")
    second = await pressed_all(boris, card)
    run.checker.change(share_yes=0.6)

    assert len(charges(run, *numbers)) == 2
    assert words("summary-changed", newly=0, gone=6) in second.text
    await boris.press(second, "No longer · 6")
    gone = await boris.result()
    assert (gone.data or b"").decode().split() == numbers
    previews = [one for one in run.telegram.bot_messages(boris.chat_id) if "again.txt" in one.text and not one.document]
    assert len(previews) == 2  # one for each check: two presses were one

    await boris.say("/forget", reply_to=card.reply_to.message_id if card.reply_to else None)
    await boris.hears(words("forget-unreachable"))
    mine = f"SELECT id FROM jobs WHERE chat_id = {boris.chat_id}"  # noqa: S608  (a number of ours)
    for table in ("job_results", "job_numbers", "job_known", "known_numbers"):
        assert run.rows(f"SELECT count(*) FROM {table} WHERE job_id IN ({mine})") == [(0,)]  # noqa: S608  (our own)


async def pressed_all(person: Talk, card: Message) -> Message:
    await person.press(card, "Check all")
    return await person.result()


async def test_kills_before_and_after_each_step_charge_the_new_numbers_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with rehearsal(tmp_path_factory.mktemp("killed"), settings=dict(PRICE)) as run:
        points = (*KILLED_AT, SENT_AND_NOT_NOTED, NOTHING_NEW)
        people = {point: (talk(run), listed(27200 + at, 5)) for at, point in enumerate(points)}
        await run.start()
        for person, numbers in people.values():
            await person.send("known.txt", "\n".join(numbers[:4]))
        for person, _ in people.values():
            await person.checks(await person.hears("known.txt"))
        await run.stop()
        for point, (person, numbers) in people.items():
            await live_and_die(run, person, numbers, point)
            await run.start()
            if point == SENT_AND_NOT_NOTED:
                question = await person.hears(words("unsure-promise"))
                assert "$1.00" in question.text  # for the one that was sent, not for the list
                await person.press(question, words("button-send-again"))
            result = await person.result()
            assert (words("summary-repeat") in result.text) is (point == "before sendDocument#1")
            wanted = numbers if point != NOTHING_NEW else numbers[1:4]
            assert verdicts(result) == {number: run.checker.verdict_of(number) for number in wanted}
            paid = {SENT_AND_NOT_NOTED: 2, NOTHING_NEW: 0}.get(point, 1)
            assert len(charges(run, numbers[4])) == paid
            assert len(charges(run, *numbers[:4])) == 1
            await run.stop()
            assert len(person.results()) == 2
        charged = sum(len(charge.numbers) for charge in run.checker.ledger)
        assert charged == 4 * len(points) + len(KILLED_AT) + 2


async def live_and_die(run: Rehearsal, person: Talk, numbers: list[str], point: str) -> None:
    """Let the bot be pressed for what is new, and end at this point as by a power cut."""
    run.module = "tests.chaos.crashing_bot"
    run.settings |= {"CRASH_AT": point, "CRASH_TRACE": str(run.folder / "points")}
    await run.start()
    wanted = numbers[1:4] if point == NOTHING_NEW else numbers
    await person.send("more.txt", "\n".join(wanted))
    card = await person.hears("more.txt")
    label = words("button-result-free") if point == NOTHING_NEW else "Check 1 new"
    data = next(one["callback_data"] for row in card.keyboard for one in row if one["text"].startswith(label))
    await run.telegram.forge(person.person, person.chat_id, card.message_id, data)
    await run.dies(PATIENCE)
    run.module = "bot"
    run.settings.pop("CRASH_AT")
