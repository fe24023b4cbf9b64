from sandbox.chats import Person
from tests.sandbox.telegram_bot import TOKEN, Bot

MEGABYTE = 1024 * 1024


async def document_of(bot: Bot) -> str:
    return str((await bot.updates(offset=-1))[0]["message"]["document"]["file_id"])


async def test_a_person_s_file_is_downloaded_by_the_path_that_getfile_gives(bot: Bot, anna: Person) -> None:
    await bot.telegram.send_document(anna, anna.id, "base ноя.txt", b"+79161234567\n")
    (update,) = await bot.updates()
    document = update["message"]["document"]
    assert (document["file_name"], document["mime_type"]) == ("base ноя.txt", "text/plain")
    file = await bot.call("getFile", file_id=document["file_id"])
    assert file["file_size"] == 13
    assert file["file_path"].endswith(".txt")
    download = await bot.http.get(f"{bot.telegram.url}/file/bot{TOKEN}/{file['file_path']}")
    assert download.content == b"+79161234567\n"
    assert [one.file_name for one in bot.telegram.downloads] == ["base ноя.txt"]


async def test_a_path_lives_for_an_hour_and_for_this_token_only(bot: Bot, anna: Person) -> None:
    await bot.telegram.send_document(anna, anna.id, "a.txt", b"1")
    path = (await bot.call("getFile", file_id=await document_of(bot)))["file_path"]
    assert (await bot.http.get(f"{bot.telegram.url}/file/bot1:a/{path}")).status_code == 401
    assert (await bot.http.get(f"{bot.telegram.url}/file/bot{TOKEN}/documents/other")).status_code == 404
    bot.telegram.clock.advance(3601)
    assert (await bot.http.get(f"{bot.telegram.url}/file/bot{TOKEN}/{path}")).status_code == 404


async def test_a_file_of_more_than_20_megabytes_is_too_big_to_download(bot: Bot, anna: Person) -> None:
    await bot.telegram.send_document(anna, anna.id, "a.txt", b"1", size=20 * MEGABYTE)
    await bot.call("getFile", file_id=await document_of(bot))
    await bot.telegram.send_document(anna, anna.id, "a.txt", b"1", size=20 * MEGABYTE + 1)
    assert await bot.refusal("getFile", file_id=await document_of(bot)) == "Bad Request: file is too big"


async def test_an_unknown_file_is_refused(bot: Bot) -> None:
    sentence = "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await bot.refusal("getFile", file_id="BQnothing") == sentence


async def test_the_same_bytes_have_one_unique_id_and_each_sending_its_own(bot: Bot, anna: Person) -> None:
    for _ in range(2):
        await bot.telegram.send_document(anna, anna.id, "a.txt", b"1")
    first, second = [update["message"]["document"] for update in await bot.updates()]
    assert first["file_unique_id"] == second["file_unique_id"]
    assert first["file_id"] != second["file_id"]
