"""Tables, by the real process: a bank's export and a workbook, another column chosen, and every row back."""

import csv
import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.shapes import SHAPES, book
from tests.running import Rehearsal, rehearsal
from tests.talking import charges, sheet, talk, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLE = (
    "Клиент;Мобильный;Сумма;Рабочий телефон\r\n"
    '"ООО ""Ромашка"";\nМосква";+7 921 300-00-01;1 200,50;+7 921 300-00-11\r\n'
    ";;;\r\n"
    "Петров;+7 (921) 300-00-02;7,00;\r\n"
    "Сидоров;+79213000003;0,10;+7 921 300-00-13\r\n"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a person of its own."""
    async with rehearsal(tmp_path_factory.mktemp("tables")) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


async def test_another_column_of_a_table_is_checked_and_all_its_rows_come_back(run: Rehearsal) -> None:
    anna = talk(run)
    await anna.send("клиенты.csv", TABLE.encode("cp1251"))
    card = await anna.hears("клиенты.csv")
    assert "3 numbers: 🇷🇺 Russia\nColumn Мобильный (B) · 3 rows" in card.text
    await anna.press(card, words("button-other-column"))
    await anna.sees(card, words("preview-which-column"))
    await anna.press(card, "Рабочий телефон (D) · 2")
    await anna.sees(card, "2 numbers: 🇷🇺 Russia\nColumn Рабочий телефон (D) · 3 rows")
    result = await anna.checks(card)

    assert len(charges(run, "+79213000011", "+79213000013")) == 1
    rows = sheet(result)
    assert [row[:4] for row in rows] == [
        ("Клиент", "Мобильный", "Сумма", "Рабочий телефон"),
        ('ООО "Ромашка";\nМосква', "+7 921 300-00-01", "1 200,50", "+7 921 300-00-11"),
        (None, None, None, None),
        ("Петров", "+7 (921) 300-00-02", "7,00", None),
        ("Сидоров", "+79213000003", "0,10", "+7 921 300-00-13"),
    ]
    assert [row[5] for row in rows] == ["Number", "+79213000011", None, None, "+79213000013"]
    assert {rows[1][4], rows[4][4]} <= {"yes", "no", "undetermined"}

    verdict = str(rows[1][4])
    await anna.press(result, words(f"button-only-{verdict}", count=1).rpartition(" ")[0])
    part = await anna.result()
    await anna.press(part, ".csv")
    part = await anna.result()
    found = list(csv.reader(io.StringIO((part.data or b"").decode("utf-8-sig"), newline="")))
    assert [row[:4] for row in found[:2]] == [
        list(rows[0][:4]),
        [rows[1][0], "'+7 921 300-00-01", "1 200,50", "'+7 921 300-00-11"],
    ]


async def test_a_workbook_and_numbers_that_are_added_are_one_list(run: Rehearsal) -> None:
    anna = talk(run)
    data = book([["Phone", "City"], [79213000021, "Perm"]], column=0).data
    await anna.send("base.xlsx", data)
    card = await anna.hears("base.xlsx")
    await anna.press(card, words("button-add"))
    await anna.say("+7 921 300-00-22")
    await anna.sees(card, "2 numbers")
    result = await anna.checks(card)

    assert len(charges(run, "+79213000021", "+79213000022")) == 1
    assert [row[:2] for row in sheet(result)] == [("Phone", "City"), (79213000021, "Perm"), ("+7 921 300-00-22", None)]
    assert [row[3] for row in sheet(result)] == ["Number", "+79213000021", "+79213000022"]


async def test_contacts_of_a_phone_come_back_with_their_names(run: Rehearsal) -> None:
    anna = talk(run)
    await anna.send("contacts.vcf", SHAPES["contacts_of_a_phone"]().data)
    card = await anna.hears("contacts.vcf")
    result = await anna.checks(card)

    assert [row[0] for row in sheet(result)][::5] == ["Name", "Ахметов Данияр"]


async def test_a_file_of_another_kind_is_refused_with_what_to_do(run: Rehearsal) -> None:
    anna = talk(run)
    await anna.send("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))
    card = await anna.hears("old.xls")
    assert "save it as .xlsx or .csv" in card.text
