"""Money in a team: quotas, an admin's yes to a large list, two people at once, and who sees what was spent."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import quotas
from bot.texts import load_texts
from sandbox.chats import Message
from tests.company import ADMINS, AT_BOT, CHECK, admins, beside, charged, data_of, group, said
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, sheet, words
from tests.together import Ends, judge, names, play_on

pytestmark = pytest.mark.asyncio(loop_scope="module")
SETTINGS = {"QUOTA_PERSON_DAY": "8", "QUOTA_CHAT_DAY": "11", "APPROVE_ABOVE": "4", "PRICE_PER_1000": "1000"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a group of its own."""
    async with rehearsal(tmp_path_factory.mktemp("money"), settings=ADMINS | SETTINGS) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ada_and_oleg(run: Rehearsal) -> tuple[Talk, Talk]:
    """Give both admins, in private."""
    return admins(run)


def numbers(count: int, first: int) -> tuple[str, ...]:
    """Give so many numbers."""
    return tuple(f"+7933{first + place:07}" for place in range(count))


async def hands_in(person: Talk, name: str, *listed: str) -> Message:
    """Let somebody hand in a list; give its preview."""
    await person.send(name, "\n".join(listed), caption=CHECK)
    return await person.hears(f"{name} · {person.person.first_name}")


async def spends(person: Talk, name: str, *listed: str) -> None:
    """Let somebody have a list checked, and wait until it is charged."""
    await person.press(await hands_in(person, name, *listed), "Check")
    await charged(person.run, *listed)


async def a_limit_is_said_with_its_number_and_when_it_frees(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    here = group(run, owner=ada_and_oleg[0].person, bot="administrator")
    boris, clara = beside(here), beside(here, "Clara")
    texts, midnight = load_texts()["en"], quotas.ends(quotas.Span.DAY, time.time())
    frees = {"span": "day", "date": texts.day(midnight), "time": texts.clock(midnight)}
    await spends(boris, "first.txt", *numbers(4, 100))
    await spends(boris, "second.txt", *numbers(3, 200))
    over = await hands_in(boris, "over.txt", *numbers(2, 300))
    mine = await boris.press(over, "Check")
    assert mine.text == words("quota-reached", scope="person", limit=8, left=1, count=2, **frees)
    assert mine.show_alert
    assert "00:00" in mine.text

    await spends(clara, "third.txt", *numbers(3, 400))
    ours = await clara.press(await hands_in(clara, "fourth.txt", *numbers(2, 500)), "Check")
    assert ours.text == words("quota-reached", scope="chat", limit=11, left=1, count=2, **frees)
    assert words("button-cancel") in over.labels
    assert charges(run, *numbers(2, 300)) == charges(run, *numbers(2, 500)) == []

    # What fits still goes through, also for who was refused.
    await spends(boris, "last.txt", *numbers(1, 600))
    full = await clara.press(await hands_in(clara, "never.txt", *numbers(1, 700)), "Check")
    assert full.text == words("quota-reached", scope="chat", limit=11, left=0, count=1, **frees)


async def a_large_list_needs_one_yes_and_gets_one_charge(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    ada, oleg = ada_and_oleg
    here = group(run, owner=ada.person, title="Large", bot="administrator")
    boris, dora = beside(here), beside(here, "Dora", "administrator")
    listed = numbers(5, 1000)
    preview = await hands_in(boris, "large.txt", *listed)
    assert words("preview-needs-admin", limit=4) in preview.text
    asked = await boris.press(preview, "Check")
    assert (asked.text, asked.show_alert) == (words("press-admin-asked"), True)
    title = words("approval-title", asker="Boris", count=5)
    cards = [await admin.hears(title) for admin in ada_and_oleg]
    place = words("approval-in-group", title="Large", chat=str(here.chat_id), person=str(boris.person.id))
    assert all(place in card.text and "About $5.00." in card.text for card in cards)
    assert not any(number[1:] in card.text for card in cards for number in listed)
    await boris.sees(preview, "The admins have been asked by Boris")
    assert (await dora.press(preview, "Check")).text == words("press-admin-asked-already")

    await oleg.press(cards[1], words("button-not-now"))
    await ada.sees(cards[0], "Not now, said Oleg")
    told = await boris.hears(words("approval-told", name="large.txt", admin="Oleg", asker="Boris"))
    assert charges(run, *listed) == []
    await boris.press(preview, "Check")
    again = [await _newer(admin, title, card) for admin, card in zip(ada_and_oleg, cards, strict=True)]
    late = data_of(again[1], "Approve")
    assert (await ada.press(again[0], "Approve 5 numbers")).text == words("press-approved")
    for admin, card in zip(ada_and_oleg, again, strict=True):
        await admin.sees(card, "Approved by Ada")
        assert card.labels == []
    decided = await run.telegram.press(oleg.person, oleg.chat_id, again[1].message_id, late)
    assert decided.text == words("press-approval-decided")
    await boris.result()

    assert len(charges(run, *listed)) == 1
    assert said(run, here.chat_id).count(told.text) == 1
    assert run.rows("SELECT asked_by FROM jobs WHERE name = 'large.txt'") == [(boris.person.id,)]


async def _newer(admin: Talk, text: str, before: Message) -> Message:
    def newest(_: object) -> Message | None:
        found = admin.run.telegram.last(admin.chat_id, text)
        return found if found is not None and found.message_id > before.message_id else None

    return await admin.run.telegram.wait_for(newest, PATIENCE)


async def two_at_once_pay_once(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    ada, oleg = ada_and_oleg
    here = group(run, owner=ada.person, title="Twice", bot="administrator")
    boris, dora = beside(here), beside(here, "Dora", "administrator")
    small, large = numbers(2, 2000), numbers(6, 2100)
    preview = await hands_in(boris, "small.txt", *small)
    who = (boris, dora) * 3
    answers = await asyncio.gather(*(person.press(preview, "Check") for person in who))
    (first,) = [one for one, answer in zip(who, answers, strict=True) if answer.text == words("press-queued")]
    assert {answer.text for answer in answers} == {words("press-queued"), words("press-queued-already")}

    preview = await hands_in(dora, "both.txt", *large)
    await dora.press(preview, "Check")
    cards = [await admin.hears(words("approval-title", asker="Dora", count=6)) for admin in ada_and_oleg]
    pressed = [data_of(card, "Approve") for card in cards]
    both = await asyncio.gather(
        *(
            run.telegram.press(admin.person, admin.chat_id, card.message_id, data, timeout=PATIENCE)
            for admin, card, data in zip((ada, oleg) * 2, cards * 2, pressed * 2, strict=True)
        )
    )
    assert [answer.text for answer in both].count(words("press-approved")) == 1
    assert {answer.text for answer in both} == {words("press-approved"), words("press-approval-decided")}
    assert {(await dora.result()).text.partition("\n")[0].split()[2] for _ in range(2)} == {"2", "6"}
    assert len(charges(run, *small)) == len(charges(run, *large)) == 1

    # The bot's admin sees everything, in private; the group's admin the group; members and other groups nothing.
    refused = await boris.asks(f"/spend{AT_BOT}")
    assert refused.text == words("spend-admins-only")
    ours = await dora.asks(f"/spend{AT_BOT}")
    assert words("spend-here") in ours.text
    assert "Large" not in ours.text
    assert "$8.00" in ours.text
    await ada.say("/spend")
    everything = await ada.hears(words("spend-everywhere"))
    assert all(title in everything.text for title in ("Twice", "Dora"))
    await dora.press(ours, words("button-spend-file"))
    rows = sheet(await dora.result(), time.strftime("%Y-%m", time.gmtime()))[1:]
    paid = {(row[2], row[4], row[5]) for row in rows}
    assert paid == ({("Dora", 8, 2)} if first is dora else {("Dora", 6, 1), ("Boris", 2, 1)})
    assert {row[1] for row in rows} == {str(here.chat_id)}


STORIES = (
    a_limit_is_said_with_its_number_and_when_it_frees,
    a_large_list_needs_one_yes_and_gets_one_charge,
    two_at_once_pay_once,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> Ends:
    """How each story ended; they are played side by side."""
    return await play_on(STORIES, run, ada_and_oleg)


@pytest.mark.parametrize("story", names(STORIES))
async def test_what_is_spent(ends: Ends, story: str) -> None:
    judge(ends[story])
