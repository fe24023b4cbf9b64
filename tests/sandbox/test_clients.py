import pytest

from sandbox.chats import Person
from sandbox.people import NotPossibleError
from tests.sandbox.telegram_bot import Bot


async def test_a_long_paste_is_cut_by_the_client_at_the_end_of_a_line(bot: Bot, anna: Person) -> None:
    lines = [f"+7916{number:07d}" for number in range(1000)]
    ids = await bot.telegram.paste(anna, anna.id, "\n".join(lines))
    texts = [update["message"]["text"] for update in await bot.updates()]
    assert len(ids) == len(texts) == 4
    assert all(len(text) <= 4096 for text in texts)
    assert "\n".join(texts).split("\n") == lines
    assert len(await bot.telegram.paste(anna, anna.id, "😀" * 4096)) == 2


async def test_a_person_s_edit_is_told_with_its_date(bot: Bot, anna: Person) -> None:
    sent = await bot.telegram.send_text(anna, anna.id, "one")
    bot.telegram.clock.advance(3)
    await bot.telegram.edit_text(anna, anna.id, sent, "/two")
    document = await bot.telegram.send_document(anna, anna.id, "a.txt", b"1", caption="three")
    await bot.telegram.edit_text(anna, anna.id, document, "four")
    edited = [update["edited_message"] for update in await bot.updates() if "edited_message" in update]
    assert edited[0]["edit_date"] == edited[0]["date"] + 3
    assert edited[0]["entities"][0]["type"] == "bot_command"
    assert (edited[1]["caption"], edited[1]["document"]["file_name"]) == ("four", "a.txt")
    assert bot.telegram.messages(anna.id)[0].texts() == ["one", "/two"]


async def test_a_contact_is_shared_as_telegram_tells_it(bot: Bot, anna: Person) -> None:
    await bot.telegram.send_contact(anna, anna.id, "+7 916 123-45-67", "Boris", last_name="B.", vcard="BEGIN:VCARD")
    await bot.telegram.send_contact(anna, anna.id, "+7 916 123-45-67", "Vera", user_id=77)
    assert [update["message"]["contact"] for update in await bot.updates()] == [
        {"phone_number": "+7 916 123-45-67", "first_name": "Boris", "last_name": "B.", "vcard": "BEGIN:VCARD"},
        {"phone_number": "79161234567", "first_name": "Vera", "user_id": 77},
    ]
    with pytest.raises(NotPossibleError, match="first name"):
        await bot.telegram.send_contact(anna, anna.id, "+79161234567", "")
    with pytest.raises(NotPossibleError, match="2048"):
        await bot.telegram.send_contact(anna, anna.id, "+79161234567", "Vera", vcard="x" * 2049)


async def test_an_album_is_several_messages_of_one_group(bot: Bot, anna: Person) -> None:
    for name in ("a.txt", "b.txt"):
        await bot.telegram.send_document(anna, anna.id, name, b"1", media_group_id="77")
    assert [update["message"]["media_group_id"] for update in await bot.updates()] == ["77", "77"]


async def test_a_message_that_was_taken_away_is_told_to_nobody(bot: Bot, anna: Person) -> None:
    sent = await bot.telegram.send_text(anna, anna.id, "one")
    await bot.telegram.delete(anna.id, sent)
    assert len(await bot.updates()) == 1
    assert bot.telegram.messages(anna.id)[0].deleted


async def test_what_no_client_lets_a_person_do(bot: Bot, anna: Person) -> None:
    telegram = bot.telegram
    boris = telegram.add_person("Boris")
    sent = await telegram.send_text(anna, anna.id, "one")
    with pytest.raises(NotPossibleError, match="4096"):
        await telegram.send_text(anna, anna.id, "x" * 4097)
    with pytest.raises(NotPossibleError, match="4096"):
        await telegram.send_text(anna, anna.id, " ")
    with pytest.raises(NotPossibleError, match="empty file"):
        await telegram.send_document(anna, anna.id, "a.txt", b"")
    with pytest.raises(NotPossibleError, match="not in this chat"):
        await telegram.send_text(boris, anna.id, "hello")
    with pytest.raises(NotPossibleError, match="own messages"):
        await telegram.edit_text(anna, anna.id, sent + 1, "x")
    with pytest.raises(NotPossibleError, match="no such message"):
        await telegram.send_text(anna, anna.id, "x", reply_to=999)
    with pytest.raises(NotPossibleError, match="no such topic"):
        await telegram.send_text(anna, anna.id, "x", thread_id=9)
    telegram.block(anna)
    with pytest.raises(NotPossibleError, match="blocked"):
        await telegram.send_text(anna, anna.id, "x")
