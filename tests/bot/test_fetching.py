"""Files from Telegram: too big, gone, broken off; and the token stays out of every word about it."""

import logging
from pathlib import Path

import pytest

from bot.fetching import MEGABYTE, FileGoneError, Files, FileTooBigError
from bot.messenger import LaterError, TokenRevokedError
from tests.bot.bench import TOKEN, Bench


async def file_id(bench: Bench, data: bytes = b"+79123456789", size: int | None = None) -> str:
    message_id = await bench.telegram.send_document(bench.anna, bench.chat_id, "a.txt", data, size=size)
    document = bench.telegram.state.chats[bench.chat_id].messages[message_id].document
    assert document is not None
    return str(document["file_id"])


async def fetch(bench: Bench, name: str, *, size: int | None = None, limit_mb: int = 20) -> bytes:
    path = await Files(bench.bot, limit_mb).fetch(name, size, bench.folder / "fetched")
    assert isinstance(path, Path)
    return path.read_bytes()


async def test_a_file_arrives_as_it_was_sent(bench: Bench) -> None:
    assert await fetch(bench, await file_id(bench, b"1\n2\n")) == b"1\n2\n"


async def test_a_stated_size_above_the_limit_asks_nothing(bench: Bench) -> None:
    with pytest.raises(FileTooBigError) as raised:
        await fetch(bench, await file_id(bench), size=20 * MEGABYTE + 1)
    assert raised.value.limit_mb == 20
    assert bench.calls("getFile") == []


async def test_telegrams_own_word_that_it_is_too_big_is_taken(bench: Bench) -> None:
    with pytest.raises(FileTooBigError):
        await fetch(bench, await file_id(bench, size=21 * MEGABYTE))


async def test_a_download_that_grows_past_the_limit_is_broken_off(bench: Bench) -> None:
    name = await file_id(bench, b"1" * (3 * MEGABYTE))
    with pytest.raises(FileTooBigError):
        await fetch(bench, name, limit_mb=1)
    assert (bench.folder / "fetched").stat().st_size <= MEGABYTE


async def test_an_unknown_file_is_gone(bench: Bench) -> None:
    with pytest.raises(FileGoneError):
        await fetch(bench, "no-such-file")


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_download_that_is_refused_is_gone(bench: Bench, status: int) -> None:
    bench.faults.arm("file_unreachable", status=status)
    with pytest.raises(FileGoneError):
        await fetch(bench, await file_id(bench))


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_download_that_fails_for_now_is_later(bench: Bench, status: int) -> None:
    bench.faults.arm("file_unreachable", status=status)
    with pytest.raises(LaterError):
        await fetch(bench, await file_id(bench))


@pytest.mark.parametrize("fault", ["server_error", "bad_gateway", "flood_bare", "cut_before", "not_json"])
async def test_a_question_that_fails_for_now_is_later(bench: Bench, fault: str) -> None:
    bench.faults.arm(fault, method="getFile")
    with pytest.raises(LaterError):
        await fetch(bench, await file_id(bench))


async def test_a_flood_limit_is_obeyed(bench: Bench) -> None:
    bench.faults.arm("flood", method="getFile", seconds=40)
    with pytest.raises(LaterError) as raised:
        await fetch(bench, await file_id(bench))
    assert raised.value.seconds == 40


async def test_a_revoked_token_is_named_so(bench: Bench) -> None:
    bench.faults.arm("unauthorized", method="getFile")
    with pytest.raises(TokenRevokedError):
        await fetch(bench, await file_id(bench))


@pytest.mark.parametrize("status", [404, 502])
async def test_the_token_is_in_no_error_and_in_no_log(
    bench: Bench, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    bench.faults.arm("file_unreachable", status=status)
    with caplog.at_level(logging.DEBUG), pytest.raises((FileGoneError, LaterError)) as raised:
        await fetch(bench, await file_id(bench))
    logging.getLogger("bot").error("as it would be logged", exc_info=raised.value)
    assert raised.value.__suppress_context__
    assert TOKEN not in str(raised.value)
    ours = [record for record in caplog.records if record.name.startswith("bot")]
    formatter = logging.Formatter()
    assert all(TOKEN.partition(":")[2] not in formatter.format(record) for record in ours)
