from sandbox.calls import ANSWERS, Call, without_files
from sandbox.chats import Person
from sandbox.files import Upload
from tests.sandbox.telegram_bot import Bot


def test_files_are_shown_by_name_and_size() -> None:
    given = {"chat_id": 5, "document": Upload("a.txt", b"12345")}
    assert without_files(given) == {"chat_id": 5, "document": {"file_name": "a.txt", "size": 5}}


def test_a_call_can_be_told_to_another_process() -> None:
    call = Call("getMe", {}, ok=False, error_code=401, description="Unauthorized", at=100.0, fault="unauthorized")
    assert call.as_record() == {
        "method": "getMe",
        "params": {},
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
        "at": 100.0,
        "fault": "unauthorized",
        "result": None,
    }


async def test_no_method_breaks_the_server_whatever_is_left_out(bot: Bot, anna: Person) -> None:
    for method in ANSWERS:
        for given in ({}, {"chat_id": anna.id}, {"chat_id": anna.id, "message_id": 1, "from_chat_id": anna.id}):
            body = (await bot.send(method, **given)).json()
            assert body["ok"] or body["error_code"] in {400, 403}, (method, body)
    assert not any("broke" in str(call.description) for call in bot.telegram.refused)
