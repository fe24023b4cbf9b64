"""What comes back from the checking API, in every form it is known to come in, as people get to see it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from sandbox.chats import Message
from sandbox.check_options import CheckOptions
from sandbox.result_files import find, rows_of, write_result
from tests.running import Rehearsal, rehearsal
from tests.talking import charges, sheet, talk, verdicts, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORMS: dict[str, dict[str, Any]] = {
    "the page's own workbook": {"result_form": "xlsx"},
    "a zip of a table, bare digits": {"result_form": "zip_csv", "number_form": "bare"},
    "a zip of two lists": {"result_form": "zip_txt", "number_form": "bare"},
    "a zip of lists by the other name": {"result_form": "zip_txt", "registered_name": "registered.txt"},
    "a zip of a workbook with words": {"result_form": "zip_xlsx", "words": ("activated", "not_activated")},
    "a zip of everything": {"result_form": "zip_all", "number_form": "bare"},
    "a bare table": {"result_form": "csv", "words": (1, 0), "number_form": "bare"},
    "numbers as integers, shuffled": {"number_form": "int", "shuffled": True, "words": ("active", "inactive")},
    "numbers as floats": {"number_form": "float", "words": (True, False)},
    "columns turned round": {"verdict_first": True, "extra_columns": True, "upper_case_headers": True},
    "a wrong dimension": {"wrong_dimension": True, "verdict_column": "activated", "words": ("true", "false")},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a person of its own."""
    async with rehearsal(tmp_path_factory.mktemp("results"), settings={"PRICE_PER_1000": "1500"}) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


async def test_every_form_of_the_result_gives_the_same_workbook(run: Rehearsal) -> None:
    async def story(place: int, form: dict[str, Any]) -> list[tuple[object, ...]]:
        numbers = [f"+79231{place:02}{n:04}" for n in range(30)]
        boris = talk(run)
        await boris.send("forms.txt", "\n".join(numbers))
        card = await boris.hears("30 numbers")
        await boris.press(card, "Check")
        charge = (await run.checker.wait_for(lambda _: charges(run, *numbers)))[0]
        options = CheckOptions(share_undetermined=0.2, **form)
        findings = find(numbers, options)
        data = write_result(rows_of(findings, options), options)
        run.checker.faults.arm("result_file", task_id=charge.task_id, data=data)
        rows = sheet(await boris.result())[1:]
        assert [row[0] for row in rows] == numbers
        assert [row[1] for row in rows] == [finding.verdict for finding in findings]
        return rows

    async with asyncio.TaskGroup() as group:
        for place, form in enumerate(FORMS.values()):
            group.create_task(story(place, form))


async def test_many_undetermined_are_said_and_never_shown_as_no(run: Rehearsal) -> None:
    run.checker.change(share_undetermined=0.5, undetermined_as="both")
    numbers = [f"+79232{n:06}" for n in range(60)]
    boris = talk(run)
    await boris.send("unclear.txt", "\n".join(numbers))
    result = await boris.checks(await boris.hears("60 numbers"))
    run.checker.change(share_undetermined=0.0)

    expected = {
        number: run.checker.findings(charges(run, *numbers)[0].task_id)[n].verdict for n, number in enumerate(numbers)
    }
    assert verdicts(result) == expected
    undetermined = [number for number, verdict in expected.items() if verdict == "undetermined"]
    assert len(undetermined) >= 12
    assert f"Undetermined: {len(undetermined)} · " in result.text
    assert words("summary-many-undetermined") in result.text
    await boris.press(result, f"Undetermined · {len(undetermined)}")
    assert (await boris.result()).data == "".join(f"{number}\n" for number in undetermined).encode()


async def test_the_undetermined_are_checked_again_alone(run: Rehearsal) -> None:
    run.checker.change(share_undetermined=0.2)
    numbers = [f"+79235{n:06}" for n in range(30)]
    boris = talk(run)
    await boris.send("unclear.txt", "\n".join(numbers))
    result = await boris.checks(await boris.hears("30 numbers"))
    run.checker.change(share_undetermined=0.0)
    left = [str(number) for number, verdict in verdicts(result).items() if verdict == "undetermined"]
    assert left

    await boris.delivered()
    await boris.press(result, words("button-check-undetermined"))
    card = await boris.hears(f"The {len(left)} undetermined: ")
    assert card.text.startswith("unclear.txt")
    assert "Checked here on " in card.text
    assert "are new" not in card.text
    await boris.press(card, words("button-check-left", count=len(left)))
    again = await boris.result()
    assert f"{len(left)} checked now · {30 - len(left)} known from before" in again.text
    assert "undetermined" not in verdicts(again).values()
    paid = [number for charge in run.checker.ledger for number in charge.numbers if number in set(numbers)]
    assert sorted(paid) == sorted(numbers + left)


async def test_hundreds_of_answers_that_are_all_alike_are_doubted(run: Rehearsal) -> None:
    run.checker.change(share_yes=0.0)
    numbers = [f"+79233{n:06}" for n in range(250)]
    boris = talk(run)
    await boris.send("alike.txt", "\n".join(numbers))
    result = await boris.checks(await boris.hears("250 numbers"))
    run.checker.change(share_yes=0.6)

    assert result.text.startswith("0 of 250 are on Telegram · 0.0\xa0%")
    assert words("summary-all-alike") in result.text
    assert result.labels == ["Only no · 250", "Countries", "Picture", "Copy totals", "Check all again"]


async def test_a_russian_person_reads_russian(run: Rehearsal) -> None:
    numbers = [f"+79234{n:06}" for n in range(1234)]
    anna = talk(run, "Анна", "ru-RU")
    anna.person.language_code = "ru"
    await anna.say("/start")
    start = await anna.hears(words("start", "ru"))
    await anna.send("база.txt", "\n".join([*numbers, numbers[0], "не номер"]).encode("cp1251"))
    card = await anna.hears("база.txt")
    assert "1\xa0234 номера" in card.text
    assert card.labels == ["Проверить 1\xa0234 номера", words("button-add", "ru"), words("button-cancel", "ru")]
    result = await anna.checks(card)
    await anna.sees(card, "база.txt")

    assert any("а" <= letter <= "я" for letter in start.text)
    assert "из 1\xa0234" in result.text
    assert all(not _has_latin_words(text.replace("Telegram", "")) for text in _all_texts(card, result))
    assert [row[0] for row in sheet(result)[1:]] == numbers
    assert sheet(result)[1][2] == "Россия"
    assert sheet(result, "Rejected")[1] == (1236, "не номер", "не номер телефона")


async def test_the_sample_of_a_newcomer_is_a_list_like_any_other(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.say("/start")
    start = await boris.hears(words("start").splitlines()[0])
    await boris.press(start, words("button-sample"))
    sample = await boris.result()
    card = await boris.hears("sample.txt · Boris")

    assert card.reply_to is not None
    assert card.reply_to.message_id == sample.message_id
    assert "12 numbers" in card.text
    assert charges(run, "+12025550123") == []
    assert len(verdicts(await boris.checks(card))) == 12


async def test_jobs_gives_the_file_again(run: Rehearsal) -> None:
    boris = talk(run)
    await boris.say("+79235000001")
    first = await boris.checks(await boris.hears("1 number"))
    await boris.delivered()
    await boris.say("/jobs")
    jobs = await boris.hears(words("jobs-title"))
    await boris.press(jobs, "1")
    await boris.sees(jobs, words("job-done"))
    await boris.press(jobs, words("button-result"))
    again = await boris.result()

    assert again.data == first.data
    assert again.message_id != first.message_id
    await boris.press(jobs, words("button-back"))
    await boris.sees(jobs, words("state-done"))


async def test_what_the_api_says_of_a_failed_task_is_told(run: Rehearsal) -> None:
    run.checker.faults.arm("task_fails", message="the source is under maintenance")
    boris = talk(run)
    await boris.say("+79236000001")
    card = await boris.hears("1 number")
    await boris.press(card, "Check")
    said = await boris.hears(words("failed-task", name="Pasted numbers"))
    charge = charges(run, "+79236000001")[0]

    assert "the source is under maintenance" in said.text
    assert charge.task_id in said.text
    assert boris.results() == []
    await boris.sees(card, words("final-failed", name="Pasted numbers"))


def _all_texts(*messages: Message) -> list[str]:
    return [text.replace("база.txt", "") for message in messages for text in [*message.texts(), *message.labels]]


def _has_latin_words(text: str) -> bool:
    return any(sum("a" <= letter.lower() <= "z" for letter in word) > 2 for word in text.split())
