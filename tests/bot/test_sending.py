"""The file of a result as it is sent: what it is called, what stands under it, and what it becomes when too large."""

import io
import zipfile
import zlib

import pytest

from bot.job import Job
from bot.messenger import Place, TooLargeError
from bot.sending import Sending
from bot.texts import load_texts
from sandbox.chats import Message
from storage.lists import StoredResult
from tests.bot.bench import Bench, numbers

EN, RU = load_texts()["en"], load_texts()["ru"]
FOUND = StoredResult("ynu", b"the workbook", None)
RAW = StoredResult(None, None, b"number,activated\n")


async def finished(bench: Bench) -> Job:
    job = await bench.press(await bench.preview(numbers(3)))
    await bench.turn()
    stored = await bench.store.tasks.keep_result(await bench.now(job), FOUND, zlib.compress(b"ynu"), bench.clock.now())
    assert stored is not None
    return stored


def sending(bench: Bench) -> Sending:
    return Sending(bench.store.lists, bench.messenger, bench.showing)


def last(bench: Bench) -> Message:
    return bench.documents()[-1]


async def test_it_goes_where_it_is_told_to_and_its_name_comes_back(bench: Bench) -> None:
    job = await finished(bench)
    file_id = await sending(bench).send(job, FOUND, Place(bench.chat_id), EN)
    assert file_id == (last(bench).document or {})["file_id"]
    assert last(bench).reply_to is None
    assert last(bench).data == b"the workbook"
    assert "From the group" not in last(bench).text


@pytest.mark.parametrize("result", [FOUND, RAW])
async def test_outside_its_group_it_names_the_group(bench: Bench, result: StoredResult) -> None:
    await sending(bench).send(await finished(bench), result, Place(bench.chat_id), EN, group="Sales")
    assert "From the group Sales" in last(bench).text


@pytest.mark.parametrize("result", [FOUND, RAW])
async def test_the_summary_is_in_the_language_of_who_gets_it(bench: Bench, result: StoredResult) -> None:
    await sending(bench).send(await finished(bench), result, Place(bench.chat_id), RU, group="Sales")
    assert "Из группы Sales" in last(bench).text


@pytest.mark.parametrize("result", [FOUND, RAW])
async def test_what_may_have_been_sent_before_is_marked(bench: Bench, result: StoredResult) -> None:
    job = await bench.store.tasks.begin_sending(await finished(bench))
    assert job is not None
    await sending(bench).send(job, result, Place(bench.chat_id), EN)
    assert "Possible repeat" in last(bench).text


async def test_too_large_a_workbook_becomes_a_table_in_a_zip_with_the_same_words(bench: Bench) -> None:
    bench.faults.arm("too_large", method="sendDocument")
    await sending(bench).send(await finished(bench), FOUND, Place(bench.chat_id), EN, group="Sales")
    assert (last(bench).document or {})["file_name"].endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(last(bench).data or b"")) as archive:
        assert len(archive.read("result.csv").splitlines()) == 4
    assert "From the group Sales" in last(bench).text
    assert "a CSV in a ZIP" in last(bench).text


async def test_too_large_a_file_of_the_apis_goes_packed_as_it_is(bench: Bench) -> None:
    bench.faults.arm("too_large", method="sendDocument")
    await sending(bench).send(await finished(bench), RAW, Place(bench.chat_id), EN)
    with zipfile.ZipFile(io.BytesIO(last(bench).data or b"")) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [RAW.raw]
    assert "CSV" not in last(bench).text


async def test_what_is_too_large_in_every_form_is_said(bench: Bench) -> None:
    bench.faults.arm("too_large", times=2, method="sendDocument")
    with pytest.raises(TooLargeError):
        await sending(bench).send(await finished(bench), FOUND, Place(bench.chat_id), EN)
