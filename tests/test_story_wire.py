"""The real bot behind two links on which everything happens that happens to links.

On the link to the checking API a submit is charged at most once, and whoever cannot be told is asked. On the link to
Telegram nothing is lost, and no file comes a second time unmarked.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.proxy import End, Fault, Proxy, Way
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, talk, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

SUBMIT, FILE, POLL = b"POST /v1/tasks ", b"/sendDocument ", b"/getUpdates "
QUESTION = words("unsure-title", name="Pasted numbers")


@dataclass(frozen=True)
class Links:
    """The bot's process and its two links."""

    run: Rehearsal
    telegram: Proxy
    api: Proxy


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def links(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Links]:
    """One bot for all stories here; each has a person of its own."""
    async with (
        rehearsal(tmp_path_factory.mktemp("wire")) as run,
        Proxy(run.telegram.url) as telegram,
        Proxy(run.checker.url) as api,
    ):
        run.settings |= {"TELEGRAM_API_URL": telegram.url, "CHECKER_API_URL": api.url}
        await run.start()
        yield Links(run, telegram, api)
        assert await run.stop() == 0


async def ended(links: Links, person: Talk) -> str:
    """Wait until the person has the result or is asked, and say which."""
    await links.run.telegram.wait_for(
        lambda server: person.results() or server.last(person.chat_id, QUESTION) or None, timeout=PATIENCE
    )
    return "result" if person.results() else "asked"


SUBMITS = (
    (Fault(End.CUT, Way.UP, 0, SUBMIT), "asked", 0),
    (Fault(End.CUT, Way.UP, 200, SUBMIT), "asked", 0),
    (Fault(End.RESET, Way.UP, 200, SUBMIT), "asked", 0),
    (Fault(End.CUT, Way.DOWN, 0, SUBMIT), "asked", 1),
    (Fault(End.CUT, Way.DOWN, 40, SUBMIT), "asked", 1),
    (Fault(End.RESET, Way.DOWN, 0, SUBMIT), "asked", 1),
    (Fault(End.TRUNCATE, Way.DOWN, 0, SUBMIT), "asked", 1),
    (Fault(End.TRUNCATE, Way.DOWN, 60, SUBMIT), "asked", 1),
    (Fault(End.DELAY, Way.UP, 10, SUBMIT, seconds=0.3), "result", 1),
    (Fault(End.DELAY, Way.DOWN, 10, SUBMIT, seconds=0.3), "result", 1),
    (Fault(End.DRIP, Way.UP, 0, SUBMIT, seconds=0.0), "result", 1),
    (Fault(End.DRIP, Way.DOWN, 0, SUBMIT, seconds=0.0), "result", 1),
)


@pytest.mark.parametrize(
    ("place", "fault", "end", "charged"),
    [(place, *row) for place, row in enumerate(SUBMITS)],
    ids=[f"{fault.end} {fault.way} {fault.after}" for fault, _, _ in SUBMITS],
)
async def test_a_submit_on_a_bad_link_is_charged_once_at_the_most_and_its_person_hears_of_it(
    links: Links, place: int, fault: Fault, end: str, charged: int
) -> None:
    number = f"+792810000{place:02}"
    boris = talk(links.run)
    await boris.say(number)
    card = await boris.hears("1 number")
    links.api.arm(fault)
    await boris.press(card, "Check")

    assert await ended(links, boris) == end
    assert len(charges(links.run, number)) == charged
    assert sum(number in submit.numbers for submit in links.run.checker.submits) <= 1
    assert not links.api.waiting


async def test_what_nobody_could_know_is_sent_once_more_when_a_person_says_so_and_only_then(links: Links) -> None:
    number = "+79281000050"
    boris = talk(links.run)
    await boris.say(number)
    links.api.arm(Fault(End.RESET, Way.DOWN, 0, SUBMIT))
    await boris.press(await boris.hears("1 number"), "Check")
    asked = await boris.hears(QUESTION)
    links.api.arm(Fault(End.DELAY, Way.UP, 0, SUBMIT, seconds=0.2))
    await boris.press(asked, words("button-send-again"))
    await boris.result()

    assert len(charges(links.run, number)) == 2


FILES = (
    Fault(End.CUT, Way.UP, 0, FILE),
    Fault(End.RESET, Way.UP, 1000, FILE),
    Fault(End.CUT, Way.DOWN, 0, FILE),
    Fault(End.RESET, Way.DOWN, 0, FILE),
    Fault(End.TRUNCATE, Way.DOWN, 300, FILE),
    Fault(End.DELAY, Way.DOWN, 10, FILE, seconds=0.3),
    Fault(End.DRIP, Way.DOWN, 0, FILE, seconds=0.0),
)


@pytest.mark.parametrize(
    ("place", "fault"),
    list(enumerate(FILES)),
    ids=[f"{fault.end} {fault.way} {fault.after}" for fault in FILES],
)
async def test_a_result_on_a_bad_link_arrives_and_a_second_copy_is_marked(
    links: Links, place: int, fault: Fault
) -> None:
    number = f"+792820000{place:02}"
    boris = talk(links.run)
    await boris.say(number)
    card = await boris.hears("1 number")
    links.telegram.arm(fault)
    await boris.press(card, "Check")
    await boris.sees(card, "below")

    marked = [words("summary-repeat") in one.text for one in boris.results()]
    assert marked
    assert False not in marked[1:]
    assert len(marked) <= 2
    assert len(charges(links.run, number)) == 1
    assert not links.telegram.waiting


POLLS = (
    Fault(End.CUT, Way.UP, 0, POLL),
    Fault(End.CUT, Way.DOWN, 0, POLL),
    Fault(End.RESET, Way.DOWN, 100, POLL),
    Fault(End.TRUNCATE, Way.DOWN, 300, POLL),
    Fault(End.DELAY, Way.DOWN, 10, POLL, seconds=0.3),
    Fault(End.DRIP, Way.DOWN, 0, POLL, seconds=0.0),
)


@pytest.mark.parametrize(
    ("place", "fault"),
    list(enumerate(POLLS)),
    ids=[f"{fault.end} {fault.way} {fault.after}" for fault in POLLS],
)
async def test_what_people_write_over_a_bad_link_is_read_once(links: Links, place: int, fault: Fault) -> None:
    boris = talk(links.run)
    struck = links.telegram.struck.total()
    links.telegram.arm(fault)
    await boris.say("/jobs")  # its answer ends the question that was asked before the fault
    await boris.hears(words("jobs-none").splitlines()[0])
    await boris.say(f"+792830000{place:02}")
    await boris.hears("1 number")
    await links.telegram.until_struck(struck + 1)

    cards = [one for one in links.run.telegram.bot_messages(boris.chat_id) if "1 number" in one.text]
    answers = [one for one in links.run.telegram.bot_messages(boris.chat_id) if words("jobs-none") in one.text]
    assert len(cards) == len(answers) == 1
    assert not links.telegram.waiting


async def test_a_submit_whose_answer_never_comes_is_asked_about_after_a_kill(links: Links) -> None:
    number = "+79281000060"
    boris = talk(links.run)
    await boris.say(number)
    card = await boris.hears("1 number")
    struck = links.api.struck.total()
    links.api.arm(Fault(End.HALVE, Way.DOWN, 0, SUBMIT))
    await boris.press(card, "Check")
    await links.api.until_struck(struck + 1)
    await links.run.kill()
    await links.run.start()
    await boris.hears(QUESTION)

    assert len(charges(links.run, number)) == 1
