import contextlib
import re
import socket

import httpx
import pytest

from sandbox.page import FOLDER, HOST, PORT, SAMPLE, free_port
from sandbox.rehearsal import open_rehearsal
from tests.sandbox.telegram_bot import Bot

ELSEWHERE = re.compile(r"""(?:src|href|url|from|import)\s*[=(]?\s*["'(]+\s*(?:https?:)?//""")


async def test_the_page_comes_with_all_its_parts(bot: Bot) -> None:
    page = await bot.http.get(bot.telegram.url)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    named = re.findall(r'(?:src|href)="(/page/[^"]+)"', page.text)
    assert len(named) == 2
    for path in [*named, *(f"/page/{name.name}" for name in FOLDER.iterdir())]:
        assert (await bot.http.get(bot.telegram.url + path)).status_code == 200
    assert (await bot.http.get(f"{bot.telegram.url}/page/sample")).content == SAMPLE.read_bytes()
    assert bot.telegram.calls == []


@pytest.mark.parametrize("path", ["/page/nothing.js", "/page/..%2fpage.py", "/page/%2e%2e%2fsample_list.txt"])
async def test_there_is_nothing_else(bot: Bot, path: str) -> None:
    assert (await bot.http.get(bot.telegram.url + path)).status_code == 404


async def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing_that_is_written_into_it(bot: Bot) -> None:
    policy = (await bot.http.get(bot.telegram.url)).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert ELSEWHERE.findall(text) == [], path
        assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text) == [], path
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=", (FOLDER / "index.html").read_text(encoding="utf-8"))


async def test_the_checking_api_is_steered_through_the_same_address() -> None:
    async with open_rehearsal("Anna") as rehearsal:
        async with httpx.AsyncClient(trust_env=False) as http:
            base = f"{rehearsal.telegram.url}/checker/sandbox"
            assert (await http.get(f"{base}/ledger")).json()["charges"] == []
            await http.post(f"{base}/options", json={"balance": "5"})
            assert (await http.get(f"{base}/options", headers={"Host": "evil.example"})).status_code == 403

        assert rehearsal.checker.options.balance == 5
        assert rehearsal.telegram.refused == []


def test_the_usual_port_is_left_to_whoever_has_it() -> None:
    with contextlib.suppress(OSError), socket.create_server((HOST, PORT)):
        assert free_port() == 0
