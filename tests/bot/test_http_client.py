import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.http_client import USER_AGENT, plain_client, redirect_target, silence_http_logs
from tests.bot.raw_server import RawServer, certificates, http


@asynccontextmanager
async def a_client() -> AsyncIterator[httpx.AsyncClient]:
    async with plain_client(certificates(), {"X-Name": "value"}, httpx.Timeout(1), httpx.Limits()) as client:
        yield client


async def test_a_request_says_who_asks() -> None:
    async with RawServer(http(200)) as server, a_client() as client:
        await client.get(server.url)
        assert server.visits[0].header("user-agent") == USER_AGENT
        assert server.visits[0].header("x-name") == "value"


async def test_cookies_are_not_remembered() -> None:
    async with RawServer(http(200, "", "Set-Cookie: a=b; Path=/")) as server, a_client() as client:
        await client.get(server.url)
        await client.get(server.url)
        assert server.visits[1].header("cookie") is None


@pytest.mark.parametrize("target", ["/elsewhere", "https://a.example:port/", "http://[", "https://10.0.0.1/"])
async def test_a_redirect_is_told_and_not_followed_wherever_it_points(target: str) -> None:
    async with RawServer(http(302, "", f"Location: {target}")) as server, a_client() as client:
        response = await client.get(server.url)
        assert response.status_code == 302
        assert redirect_target(response) == target
        assert len(server.visits) == 1


async def test_an_answer_that_points_nowhere_has_no_target() -> None:
    async with RawServer(http(200)) as server, a_client() as client:
        assert redirect_target(await client.get(server.url)) is None


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer(http(200)) as proxy, RawServer(http(200)) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        async with a_client() as client:
            await client.get(server.url)
        assert (proxy.connections, server.connections) == (0, 1)


async def test_no_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    silence_http_logs()
    caplog.set_level(logging.DEBUG)
    async with RawServer(http(302, "", "Location: /y?signature=hidden-2c6f")) as server, a_client() as client:
        await client.get(f"{server.url}/x?signature=hidden-2c6f")
    assert "hidden-2c6f" not in caplog.text
