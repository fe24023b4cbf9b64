import httpx
import pytest

from sandbox.chats import Person
from sandbox.check_api import CheckServer
from tests.sandbox.telegram_bot import TOKEN, Bot


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Host": "evil.example"}),
        ("/", {"Host": "127.0.0.1.evil.example:80"}),
        ("/", {"Host": "8.8.8.8"}),
        ("/sandbox/state", {"Host": "evil.example"}),
        ("/sandbox/state", {"Origin": "https://evil.example"}),
        ("/sandbox/state", {"Origin": "null"}),
        ("/sandbox/state", {"Origin": "http://127.0.0.1:1"}),
        ("/sandbox/state", {"Sec-Fetch-Site": "cross-site"}),
        ("/sandbox/state", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
        (f"/bot{TOKEN}/getMe", {"Sec-Fetch-Site": "same-site"}),
        ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    ],
)
async def test_what_another_site_sends_is_refused(bot: Bot, path: str, headers: dict[str, str]) -> None:
    assert (await bot.http.get(bot.telegram.url + path, headers=headers)).status_code == 403


async def test_another_site_cannot_write_in_a_person_s_name(bot: Bot, anna: Person) -> None:
    form = {"person_id": str(anna.id), "chat_id": str(anna.id)}
    address, headers = f"{bot.telegram.url}/sandbox/send_document", {"Origin": "https://evil.example"}
    refused = await bot.http.post(address, data=form, files={"file": ("a.txt", b"1")}, headers=headers)
    assert refused.status_code == 403
    assert bot.telegram.messages(anna.id) == []


async def test_this_machine_and_the_page_itself_are_answered(bot: Bot) -> None:
    port = bot.telegram.port
    for headers in (
        {"Host": f"localhost:{port}"},
        {"Host": f"[::1]:{port}"},
        {"Origin": bot.telegram.url, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert (await bot.http.get(f"{bot.telegram.url}/sandbox/state", headers=headers)).status_code == 200
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await bot.http.get(bot.telegram.url, headers=link)).status_code == 200


async def test_the_checking_api_s_control_routes_are_as_careful(checker: CheckServer) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        foreign = await http.get(f"{checker.control_url}/ledger", headers={"Origin": "https://evil.example"})
        own = await http.get(f"{checker.control_url}/ledger")

    assert (foreign.status_code, own.status_code) == (403, 200)
    assert checker.refused == []
