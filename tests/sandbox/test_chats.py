import pytest

from sandbox.chats import Chat, Member, Message, Person

ANNA = Person(7, "Anna", "anna", "ru")
BOT = Person(42, "Bot", "a_bot", is_bot=True)


@pytest.mark.parametrize(
    ("status", "more"),
    [
        ("creator", {"is_anonymous": False}),
        ("administrator", {"can_delete_messages": True, "can_promote_members": False}),
        ("member", {}),
        ("restricted", {"can_send_messages": False, "can_promote_members": False}),
        ("left", {}),
        ("kicked", {"until_date": 0}),
    ],
)
def test_a_member_is_told_with_status_and_rights(status: str, more: dict[str, object]) -> None:
    member = Member(ANNA, status, {"can_promote_members": False}).as_chat_member()
    assert member["user"] == {"id": 7, "is_bot": False, "first_name": "Anna", "username": "anna", "language_code": "ru"}
    assert member["status"] == status
    assert member.items() >= more.items()


def test_only_those_who_are_there_may_do_something() -> None:
    assert Member(ANNA, "member").may("can_send_messages")
    assert not Member(ANNA, "left").may("can_send_messages")
    assert not Member(ANNA, "restricted").may("can_send_messages")
    assert Member(ANNA, "restricted", {"can_send_messages": True}).may("can_send_messages")


def test_a_reply_shows_what_it_replies_to_once_and_while_it_is_there() -> None:
    chat = Chat(7, "private", person=ANNA)
    first = Message(chat, 1, ANNA, 100, {"text": "one"})
    second = Message(chat, 2, BOT, 101, {"text": "two"}, reply_to=first)
    third = Message(chat, 3, ANNA, 102, {"text": "three"}, reply_to=second)
    shown = third.as_message()
    assert shown["reply_to_message"]["text"] == "two"
    assert "reply_to_message" not in shown["reply_to_message"]
    second.deleted = True
    assert "reply_to_message" not in third.as_message()


def test_a_post_of_a_channel_is_sent_by_the_channel() -> None:
    channel = Chat(-1001, "channel", "News")
    post = Message(channel, 1, BOT, 100, {"text": "one"}).as_message()
    assert post["sender_chat"] == {"id": -1001, "title": "News", "type": "channel"}
    assert "from" not in post


def test_all_that_a_message_was_is_kept() -> None:
    message = Message(Chat(7, "private", person=ANNA), 1, BOT, 100, {"caption": "one"})
    message.remember(101.5)
    message.content = {"caption": "two"}
    assert message.texts() == ["one", "two"]
    assert message.as_record()["versions"] == [{"at": 101.5, "content": {"caption": "one"}, "markup": None}]
    assert (message.document, message.labels, message.from_bot) == (None, [], True)
