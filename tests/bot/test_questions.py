"""Questions that cost nothing, against a server of bytes: as careful as everything else that is asked with the key."""

import asyncio
import contextlib
import gzip
import logging
import traceback
import zlib
from collections.abc import AsyncIterator, Callable

import pytest

from bot.account import LONGEST_ANSWER, Account, Bounds
from bot.answers import Answer
from bot.questions import NoAnswer, Questions, open_questions
from tests.bot.raw_server import Behaviour, RawServer, Visit, certificates, http

KEY = "key-of-the-test-8f2c"


@contextlib.asynccontextmanager
async def questions_to(server: RawServer, bounds: Bounds | None = None) -> AsyncIterator[Questions]:
    account = Account(server.url, KEY, "tg", bounds or Bounds(), certificates())
    async with open_questions(account) as questions:
        yield questions


async def ask(answer: bytes | Behaviour, bounds: Bounds | None = None) -> Answer:
    """Ask once; there must never be a second request."""
    async with RawServer(answer) as server, questions_to(server, bounds) as questions:
        try:
            return await questions.ask("POST", "gettasks", {"task_id": "x"})
        finally:
            assert len(server.visits) == server.connections == 1


async def test_what_a_question_sends() -> None:
    async with RawServer(http(200)) as server, questions_to(server) as questions:
        await questions.ask("POST", "gettasks", {"task_id": "a b&c"})
        (visit,) = server.visits
        assert visit.path == "/v1/gettasks"
        assert visit.request.endswith(b"\r\n\r\ntask_id=a+b%26c")
        assert visit.header("x-api-key") == KEY
        assert visit.header("accept-encoding") == "identity"
        assert visit.header("user-agent") == "telegram-number-check-bot"


async def test_an_answer_is_told_with_all_that_decides() -> None:
    assert await ask(http(429, "later", "Retry-After: 3")) == Answer(429, b"later", whole=True, retry_after=3.0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["/elsewhere", "https://a.example:port/", "http://[", "https://10.0.0.1/"])
async def test_a_redirect_is_told_without_its_query_and_not_followed(status: int, target: str) -> None:
    answer = await ask(http(status, "", f"Location: {target}?signature=hidden"))
    assert (answer.status, answer.location) == (status, target)


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer(http(200)) as proxy, RawServer(http(200)) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        async with questions_to(server) as questions:
            await questions.ask("GET", "balance")
        assert (proxy.connections, server.connections) == (0, 1)


async def test_cookies_are_not_remembered() -> None:
    async with RawServer(http(200, "", "Set-Cookie: a=b; Path=/")) as server, questions_to(server) as questions:
        await questions.ask("GET", "balance")
        await questions.ask("GET", "balance")
        assert server.visits[1].header("cookie") is None


async def test_a_key_that_comes_back_is_hidden() -> None:
    assert (await ask(http(400, f"no such key: {KEY}"))).body == b"no such key: [key]"


async def test_an_answer_that_breaks_off_is_told_as_far_as_it_came() -> None:
    answer = await ask(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    assert answer == Answer(200, b"half", whole=False)


async def test_a_body_that_comes_too_slowly_is_told_as_far_as_it_came() -> None:
    async def drips(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 503 Busy\r\nContent-Length: 100000\r\n\r\n")
        await visit.drip(b"x")

    answer = await ask(drips, Bounds(question=0.4))
    assert (answer.status, answer.whole) == (503, False)
    assert set(answer.body) <= {ord("x")}


async def test_an_answer_without_end_is_told_to_the_limit() -> None:
    heard = 0

    async def floods(visit: Visit) -> None:
        nonlocal heard
        await visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            await visit.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            heard += 0x10000

    assert await ask(floods) == Answer(200, b"x" * LONGEST_ANSWER, whole=False)
    assert heard < 16 * LONGEST_ANSWER


def deflated(data: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(data) + packing.flush()


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, deflated])
async def test_an_answer_that_is_packed_unasked_is_unpacked_by_us(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b'{"a": 1}')
    assert await ask(http(200, packed, "Content-Encoding: gzip")) == Answer(200, b'{"a": 1}', whole=True)


async def test_an_answer_that_unpacks_to_too_much_is_unpacked_to_the_limit() -> None:
    packed = gzip.compress(b"x" * 50 * LONGEST_ANSWER)
    assert await ask(http(200, packed, "Content-Encoding: gzip")) == Answer(200, b"x" * LONGEST_ANSWER, whole=False)


async def test_an_answer_packed_in_a_way_that_nobody_knows_is_told_as_it_came() -> None:
    answer = await ask(http(200, b"\xce\xb2rotli", "Content-Encoding: br"))
    assert answer == Answer(200, b"\xce\xb2rotli", whole=False)


async def hangs(visit: Visit) -> None:
    await visit.hang()


async def drips_its_head(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    await visit.drip(b"x")


async def breaks(_: Visit) -> None:
    return


async def echoes_the_key(visit: Visit) -> None:
    await visit.send(f"HTTP/1.1 200 OK\r\nX\0-Key: {visit.header('x-api-key')}\r\n\r\n".encode())


@pytest.mark.parametrize("answer", [hangs, drips_its_head, breaks, echoes_the_key, b"HTTP/1.1 nonsense\r\n\r\n"])
async def test_where_no_answer_begins_it_is_an_error_that_does_not_name_the_key(
    answer: bytes | Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NoAnswer) as error:
        await ask(answer, Bounds(question=0.4))
    assert KEY not in "".join(traceback.format_exception(error.value)) + caplog.text


async def test_the_time_of_a_question_begins_with_its_turn() -> None:
    async def slow(visit: Visit) -> None:
        await asyncio.sleep(0.3)
        await visit.send(http(200, "{}"))

    async with RawServer(slow, keep_alive=True) as server, questions_to(server, Bounds(question=2.0)) as questions:
        answers = await asyncio.gather(*(questions.ask("GET", "balance") for _ in range(64 * 8)))
        assert {answer.status for answer in answers} == {200}
        assert server.connections <= 64
