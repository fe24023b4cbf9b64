"""A table from end to end: sent, checked, and given back with the verdicts beside its rows."""

import io
from typing import Any

import openpyxl
import pytest

from bot.erasing import Wanted
from bot.job import Failure, Job, JobState
from bot.list_parts import with_choice
from bot.number_list import Number
from bot.texts import load_texts
from bot.vcards import write_vcard
from bot.workshop import ReadingFailed, read_result
from handlers.erasing import Eraser
from storage.column_choices import ColumnChoices
from storage.list_files import ListFiles
from tests.bot.bench import Bench
from tests.bot.shapes import SHAPES

TABLE = "Имя;Телефон;Второй\nИван;+7 912 345-67-80;\nАнна;8 912 345-67-81;+7 701 123 45 67\n".encode("cp1251")


async def checked(bench: Bench, job: Job) -> dict[str, list[list[Any]]]:
    job = await bench.until(await bench.press(await bench.settled(job)), JobState.DONE)
    result = await bench.store.lists.result(job.id)
    assert result is not None
    book = openpyxl.load_workbook(io.BytesIO(result.workbook or b""))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


async def test_a_table_comes_back_with_its_verdicts(bench: Bench) -> None:
    job = await bench.settled(await bench.send_file("Клиенты.csv", TABLE))
    assert "Column Телефон (B) · 2 rows" in bench.card(job).text
    assert {"Another column", "Add numbers"} < set(bench.card(job).labels)
    result = (await checked(bench, job))["Result"]
    assert [row[:3] for row in result] == [
        ["Имя", "Телефон", "Второй"],
        ["Иван", "+7 912 345-67-80", None],
        ["Анна", "8 912 345-67-81", "+7 701 123 45 67"],
    ]
    assert result[0][3:] == ["telegram", "Number", "Country", "Checked on", "Note"]
    assert result[1][4:6] == ["+79123456780", "Russia"]
    assert result[2][3:] == [None, None, None, None, "no country code"]


async def test_another_column_is_read_when_it_is_chosen(bench: Bench) -> None:
    job = await bench.settled(await bench.send_file("Клиенты.csv", TABLE))
    choices = ColumnChoices(bench.store.database)
    shown = await choices.show(job, others=True, now=bench.clock.now())
    assert shown is not None
    await bench.settled(shown)
    assert bench.card(job).labels == ["Второй (C) · 1", "Back"]
    chosen = await choices.choose(shown, with_choice(shown.column_choice, "0.0.2"), bench.clock.now())
    assert chosen is not None
    job = await bench.settled(chosen)
    assert "Column Второй (C) · 2 rows" in bench.card(job).text
    result = (await checked(bench, job))["Result"]
    assert [row[4] for row in result] == ["Number", None, "+77011234567"]


async def test_a_workbook_is_read_in_a_process_of_its_own_and_all_its_sheets_come_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = SHAPES["several_sheets_the_numbers_on_the_second"]()
    monkeypatch.setattr("bot.confirming._read_now", None)
    job = await bench.settled(await bench.send_file("crm", shape.data))
    assert "Column Телефон (B) of sheet Клиенты · 5 rows" in bench.card(job).text
    sheets = await checked(bench, job)
    assert list(sheets) == ["Result", "Summary", "Countries", "Rejected", "О файле"]


async def test_rows_that_do_not_fit_into_the_memory_cost_nobody_the_result(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def only_without_rows(path: Any, request: Any, **options: Any) -> Any:
        if request.parts is not None:
            raise ReadingFailed("MemoryError")
        return await read_result(path, request, **options)

    monkeypatch.setattr("bot.composing.read_result", only_without_rows)
    job = await bench.send_file("a.csv", TABLE)
    assert (await checked(bench, job))["Result"][0] == ["Number", "telegram", "Country", "As sent", "Checked on"]


@pytest.mark.parametrize("name", ["old.xls", "a.docx", "b.numbers"])
async def test_other_files_are_refused_with_what_to_do(bench: Bench, name: str) -> None:
    job = await bench.settled(await bench.send_file(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))
    assert (job.state, job.failure) == (JobState.REFUSED, Failure.NOT_TEXT)
    assert "save it as .xlsx or .csv" in bench.card(job).text


async def test_a_table_too_wide_to_be_read_is_refused(bench: Bench) -> None:
    job = await bench.settled(await bench.send_file("wide.csv", b"a;b\n" + b";" * 20_000 + b"c"))
    assert (job.state, job.failure) == (JobState.REFUSED, Failure.UNREADABLE)


async def test_a_forgotten_number_leaves_the_result_and_the_table_and_nothing_else_does(bench: Bench) -> None:
    job = await bench.send_file("Клиенты.csv", TABLE)
    before = (await checked(bench, job))["Result"]
    eraser = Eraser(
        bench.store.forgetting, bench.store.memory, bench.remembering.list_key.name, load_texts(), bench.settings
    )

    erasure = await eraser.erase(Wanted.of(Number("+79123456780", "RU", 2, "")), bench.clock.now())

    assert erasure.lists == 1
    result = await bench.store.lists.result(job.id)
    assert result is not None
    assert result.verdicts == ""
    sheet = openpyxl.load_workbook(io.BytesIO(result.workbook or b""))["Result"]
    after = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert after == [before[0], ["Иван", *[None] * 7], before[2]]
    again = await bench.store.lists.open_again(await bench.now(job), bench.clock.now(), language="en", person=(1, "A"))
    assert again is not None
    again = await bench.settled(again)
    assert "Column Телефон (B) · 2 rows" in bench.card(again).text
    assert again.valid == 0


async def test_where_a_file_is_gone_the_numbers_are_the_result(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_arguments: Any) -> bool:
        return False

    job = await bench.press(await bench.settled(await bench.send_file("a.csv", TABLE)))
    monkeypatch.setattr(ListFiles, "give", gone)
    job = await bench.until(job, JobState.DONE)
    result = await bench.store.lists.result(job.id)
    assert result is not None
    sheet = openpyxl.load_workbook(io.BytesIO(result.workbook or b""))["Result"]
    assert [cell.value for cell in sheet["A"]] == ["Number", "+79123456780"]


async def test_contacts_that_were_shared_come_back_with_their_names(bench: Bench) -> None:
    job = await bench.paste(write_vcard("Анна", "+7 912 345-67-80"))
    assert (await checked(bench, job))["Result"][1][:2] == ["Анна", "+7 912 345-67-80"]
