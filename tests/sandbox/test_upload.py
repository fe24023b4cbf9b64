from sandbox.chats import Person
from tests.sandbox.telegram_bot import TOKEN, Bot

MEGABYTE = 1024 * 1024


async def test_an_upload_of_more_than_50_megabytes_is_too_large(bot: Bot, anna: Person) -> None:
    files = {"document": ("a.xlsx", bytes(50 * MEGABYTE + 1))}
    response = await bot.send("sendDocument", files=files, chat_id=anna.id)
    assert response.status_code == 413
    assert response.json()["description"] == "Request Entity Too Large"
    assert bot.telegram.messages(anna.id) == []


async def test_bodies_that_are_not_what_they_say_are_refused(bot: Bot) -> None:
    address = f"{bot.telegram.url}/bot{TOKEN}/getMe"
    for kind, body in (
        ("application/json", "{"),
        ("application/json", "[]"),
        ("text/plain", "hello"),
        ("multipart/form-data", "no boundary"),
    ):
        response = await bot.http.post(address, content=body, headers={"Content-Type": kind})
        assert response.status_code == 400, kind
    assert len(bot.telegram.refused) == 4
