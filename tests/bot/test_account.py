import gzip
import zlib
from collections.abc import Callable

import httpx
import pytest

from bot.account import LONGEST_ANSWER, Account, Bounds, check_key, checked_base
from bot.answers import Answer
from tests.bot.raw_server import Behaviour, RawServer, Visit, certificates, http


async def exchange_with(answer: bytes | Behaviour, deadline: float = 10) -> Answer:
    async with RawServer(answer) as server:
        account = Account(server.url, "key-8f2c", "tg", Bounds(), certificates())
        async with account.client(silence=10) as client:
            return await account.exchange(client, client.build_request("GET", server.url), deadline)


@pytest.mark.parametrize("url", ["https://api.example/v1", "http://127.0.0.1:8080", "https://бот.example/v1/"])
def test_a_base_address_is_http_or_https(url: str) -> None:
    assert checked_base(url).host


@pytest.mark.parametrize(
    "url", ["", "api.example/v1", "ftp://api.example", "https://", "https://api.example/v1?x=1", "https://a..b/", "h\n"]
)
def test_an_address_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        checked_base(url)


@pytest.mark.parametrize("key", ["", "a b", "a\n", "ключ"])
def test_a_key_that_no_header_takes_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="key of the checking API") as caught:
        check_key(key)
    assert not key or key not in str(caught.value)


def test_the_key_does_not_show_by_accident() -> None:
    assert "key-8f2c" not in repr(Account("https://api.example", "key-8f2c", "tg", Bounds(), certificates()))


def test_a_long_list_is_given_more_time_but_not_for_ever() -> None:
    account = Account("https://api.example", "key", "tg", Bounds(), certificates())
    assert account.submit_deadline(0) == 60
    assert account.submit_deadline(10 * 2**20) == 80
    assert account.submit_deadline(2**30) == 110


async def test_an_answer_is_told_with_all_that_decides() -> None:
    answer = await exchange_with(http(429, "later", "Retry-After: 3"))
    assert answer == Answer(429, b"later", whole=True, retry_after=3.0)


async def test_a_redirect_is_told_without_its_query() -> None:
    answer = await exchange_with(http(302, "", "Location: https://a.example/login?next=x"))
    assert answer.location == "https://a.example/login"


async def test_a_key_that_comes_back_is_hidden() -> None:
    assert (await exchange_with(http(400, "no such key: key-8f2c"))).body == b"no such key: [key]"


async def test_an_answer_that_breaks_off_is_told_as_far_as_it_came() -> None:
    answer = await exchange_with(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    assert answer == Answer(200, b"half", whole=False)


async def test_an_answer_without_end_is_told_to_the_limit() -> None:
    answer = await exchange_with(http(200, b"x" * (LONGEST_ANSWER + 1)))
    assert answer == Answer(200, b"x" * LONGEST_ANSWER, whole=False)


def deflated(data: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(data) + packing.flush()


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, deflated])
async def test_an_answer_that_is_packed_unasked_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b'{"a": 1}')
    assert await exchange_with(http(200, packed, "Content-Encoding: gzip")) == Answer(200, b'{"a": 1}', whole=True)
    broken_off = await exchange_with(http(200, packed[:-1], "Content-Encoding: gzip"))
    assert not broken_off.whole


async def test_an_answer_that_unpacks_to_too_much_is_unpacked_to_the_limit() -> None:
    answer = await exchange_with(http(200, gzip.compress(b"x" * 3 * LONGEST_ANSWER), "Content-Encoding: gzip"))
    assert answer == Answer(200, b"x" * LONGEST_ANSWER, whole=False)


async def test_an_answer_packed_in_a_way_that_nobody_knows_is_told_as_it_came() -> None:
    answer = await exchange_with(http(200, b"\xce\xb2rotli", "Content-Encoding: br"))
    assert answer == Answer(200, b"\xce\xb2rotli", whole=False)


async def test_an_answer_that_does_not_begin_is_none() -> None:
    async def hangs(visit: Visit) -> None:
        await visit.hang()

    with pytest.raises(TimeoutError):
        await exchange_with(hangs, deadline=0.2)


async def test_a_connection_that_breaks_before_the_answer_is_an_error() -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await exchange_with(b"")


async def test_an_answer_counts_even_if_its_connection_cannot_be_closed_well(monkeypatch: pytest.MonkeyPatch) -> None:
    close = httpx.Response.aclose

    async def breaks(self: httpx.Response) -> None:
        await close(self)
        raise RuntimeError

    monkeypatch.setattr(httpx.Response, "aclose", breaks)
    assert (await exchange_with(http(200, "{}"))).body == b"{}"
