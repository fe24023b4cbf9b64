"""With limits kept as Telegram keeps them, 10 lists in one group and 150 private chats at once.

The bot is told the same moment's lists by all of them, and all press "Check" in the same moment. ``tests/crowded.py``
plays it in a process with a time of its own; ``pytest -s`` prints what came of it.
"""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.flood import BURST
from tests.crowded import IN_THE_GROUP, PRIVATE_CHATS, Report, Told
from tests.running import ROOT
from tests.talking import words

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS = IN_THE_GROUP + PRIVATE_CHATS
MOST_REFUSALS = LISTS // 100
PATIENCE = 300
"""Real seconds, on a machine that is busy with something else."""
UNDER_WAY = 1.0
"""A result that leaves at once is there after so long, and what left before it may arrive as late."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("crowd")
    log = folder / "bot.log"
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.own_time", "tests.crowded", str(folder), str(folder / "report.json")),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert code == 0, log.read_text(encoding="utf-8")[-5000:]
    found = read(folder / "report.json")
    print(told(found))  # noqa: T201  (for whoever runs this with -s)
    return found


def read(path: Path) -> Report:
    given = json.loads(path.read_text(encoding="utf-8"))
    return Report(**{**given, "lists": [Told(**one) for one in given["lists"]]})


def told(report: Report) -> str:
    """The claim in numbers; seconds are those of the story's own time."""
    group, private = in_the_group(report), [one for one in report.lists if one.chat_id > 0]
    return (
        f"\n{LISTS} lists, {len(report.charges)} charges, {len(report.refused)} answers 429."
        f" Seconds until the last result: {max(one.result_at for one in private):.0f} in private,"
        f" {max(one.result_at for one in group):.0f} in the group; until the last line: {report.seconds:.0f}."
        f" Waited longest for its turn: {max(waited(one) for one in private):.1f} in private,"
        f" {max(waited(one) for one in group):.1f} in the group."
    )


def in_the_group(report: Report) -> list[Told]:
    return [one for one in report.lists if one.chat_id < 0]


def waited(one: Told) -> float:
    """From the API's file in the bot's hands to the document in the chat."""
    return one.result_at - one.ready_at


def edits(one: Told) -> list[float]:
    """When its message changed."""
    return [at for at, method, _ in one.said if method == "editMessageText"]


def last_line(one: Told) -> float:
    """When its message said how it has ended."""
    return edits(one)[-1]


def is_waiting(one: Told, at: float) -> bool:
    """Whether its result could have been in the chat then, and was not."""
    return one.ready_at + UNDER_WAY < at < one.result_at


async def test_every_result_arrives_once_in_its_chat_in_reply_to_its_list(report: Report) -> None:
    assert len(report.lists) == LISTS
    wrong = {
        one.name: one.results for one in report.lists if [each["reply_to"] for each in one.results] != [one.message_id]
    }
    assert wrong == {}
    repeated = words("summary-repeat")
    assert [one.name for one in report.lists if repeated in one.results[0]["caption"]] == []
    assert report.exit_code == 0


async def test_every_list_is_charged_once(report: Report) -> None:
    charged = Counter(tuple(numbers) for numbers in report.charges)
    assert charged == Counter(tuple(one.numbers) for one in report.lists)


async def test_telegram_refuses_at_most_one_message_per_hundred_lists(report: Report) -> None:
    assert len(report.refused) <= MOST_REFUSALS, (told(report), report.refused)


async def test_a_result_that_waits_is_overtaken_by_no_progress_in_any_chat(report: Report) -> None:
    progress = [at for one in report.lists for at in edits(one) if at != last_line(one)]
    overtaken = [(one.name, at) for one in report.lists for at in progress if is_waiting(one, at) and one.chat_id > 0]
    overtaken += [
        (one.name, at)
        for one in in_the_group(report)
        for other in in_the_group(report)
        for at in edits(other)
        if at != last_line(other) and is_waiting(one, at)
    ]
    assert overtaken == [], told(report)
    assert progress != []


async def test_results_that_wait_for_their_group_are_overtaken_by_few_last_lines_and_wait_a_minute(
    report: Report,
) -> None:
    group = in_the_group(report)
    overtaking = {other.name for one in group for other in group if is_waiting(one, last_line(other))}
    # One that has its turn in the group, and waits for its turn among all chats, goes before results that come then.
    assert len(overtaking) <= BURST, told(report)
    assert 30 < max(waited(one) for one in group) < 70, told(report)


async def test_in_the_group_each_preview_names_who_has_sent_the_list(report: Report) -> None:
    named = {one.name: one.starter in one.card.splitlines()[0] for one in in_the_group(report)}
    assert named == {f"list {at}.txt": True for at in range(IN_THE_GROUP)}
    assert len({one.starter for one in in_the_group(report)}) == IN_THE_GROUP
