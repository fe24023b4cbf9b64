"""The proxy lets happen to a link exactly what it was told, and passes everything else as it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tests.proxy import End, Fault, Proxy, Way

TEN = b"0123456789"
PATIENCE = 10.0


class Echo:
    """A server that gives back what it gets, and remembers it and how each connection ended."""

    def __init__(self) -> None:
        self.heard = b""
        self.ends: list[str] = []
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while block := await reader.read(1000):
                self.heard += block
                writer.write(block)
                await writer.drain()
            self.ends.append("closed")
        except ConnectionResetError:
            self.ends.append("reset")
        writer.close()
        self.ended.set()


@asynccontextmanager
async def link(
    *faults: Fault, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[tuple[Proxy, Echo]]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with asyncio.timeout(PATIENCE), Proxy(f"http://127.0.0.1:{port}/v1", sleep=sleep) as proxy:
        proxy.arm(*faults)
        yield proxy, echo
    server.close()


async def talk(proxy: Proxy, *, saying: bytes = TEN, ending: bool = True) -> bytes | str:
    """Connect, say something, and give all that comes back; or how it broke."""
    port = int(proxy.url.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(saying)
        if ending:
            writer.write_eof()
        return await reader.read()
    except ConnectionResetError:
        return "reset"
    finally:
        writer.close()


async def test_without_a_fault_all_passes_both_ways_and_the_path_stays() -> None:
    async with link() as (proxy, echo):
        assert proxy.url.endswith("/v1")
        assert await talk(proxy, saying=TEN * 50_000) == TEN * 50_000
        assert echo.heard == TEN * 50_000
        assert await talk(proxy) == TEN
        assert proxy.connections == 2
        assert not proxy.struck


@pytest.mark.parametrize("after", [0, 1, 4, 9])
async def test_a_cut_upwards_lets_so_many_bytes_through_and_closes(after: int) -> None:
    async with link(Fault(End.CUT, Way.UP, after)) as (proxy, echo):
        said = await talk(proxy, ending=False)
        await echo.ended.wait()

        assert echo.heard == TEN[:after]
        assert said in {TEN[:length] for length in range(after + 1)} | {"reset"}
        assert proxy.struck == {"cut up": 1}


@pytest.mark.parametrize("after", [0, 1, 4, 9])
async def test_a_cut_downwards_lets_the_request_through_and_part_of_the_answer(after: int) -> None:
    async with link(Fault(End.CUT, Way.DOWN, after)) as (proxy, echo):
        assert await talk(proxy, ending=False) in {TEN[:after], "reset"}
        assert echo.heard == TEN


@pytest.mark.parametrize("way", Way)
async def test_a_reset_is_a_reset_for_both_sides(way: Way) -> None:
    async with link(Fault(End.RESET, way, 4)) as (proxy, echo):
        assert await talk(proxy, ending=False) == "reset"
        await echo.ended.wait()
        assert echo.ends == ["reset"]


async def test_a_truncated_answer_ends_as_if_it_were_whole() -> None:
    async with link(Fault(End.TRUNCATE, Way.DOWN, 4)) as (proxy, echo):
        assert await talk(proxy) == TEN[:4]
        assert echo.heard == TEN


async def test_a_truncated_request_is_answered_as_far_as_it_came() -> None:
    async with link(Fault(End.TRUNCATE, Way.UP, 4)) as (proxy, echo):
        assert await talk(proxy) == TEN[:4]
        assert echo.ends == ["closed"]


async def test_a_halved_link_says_nothing_to_anybody() -> None:
    async with link(Fault(End.HALVE, Way.DOWN, 4)) as (proxy, echo), asyncio.TaskGroup() as group:
        talking = group.create_task(talk(proxy, ending=False))
        await proxy.until_struck(1)
        assert not talking.done()
        assert echo.heard == TEN
        talking.cancel()


async def test_a_delay_holds_back_what_follows_and_loses_nothing() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with link(Fault(End.DELAY, Way.UP, 4, seconds=3600.0), sleep=sleep) as (proxy, _):
        assert await talk(proxy) == TEN
        assert slept == [3600.0]


async def test_a_drip_is_a_byte_at_a_time_and_loses_nothing() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with link(Fault(End.DRIP, Way.DOWN, 4, seconds=5.0), sleep=sleep) as (proxy, _):
        assert await talk(proxy) == TEN
        assert slept == [5.0] * 6


async def test_each_fault_strikes_one_connection_and_only_one_that_it_is_meant_for() -> None:
    meant = Fault(End.RESET, Way.UP, holding=b"POST")
    async with link(meant, Fault(End.TRUNCATE, Way.DOWN, 1)) as (proxy, _):
        assert await talk(proxy, saying=b"GET") == b"G"
        assert await talk(proxy, saying=b"GET") == b"GET"
        assert await talk(proxy, saying=b"POST", ending=False) == "reset"
        assert await talk(proxy, saying=b"POST") == b"POST"
        assert not proxy.waiting


async def test_a_server_that_is_not_there_is_a_connection_that_ends() -> None:
    async with link() as (proxy, _):
        proxy.server_url = "http://127.0.0.1:1/v1"
        assert await talk(proxy) in {b"", "reset"}
