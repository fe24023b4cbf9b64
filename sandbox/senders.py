"""Under whose name a message stands: a person's, a group's whose admin is anonymous, or a channel's.

A message that a chat signs has a stand-in for its ``from``, as old clients need one
(https://core.telegram.org/bots/api#message).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.chats import Message

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


def sender_fields(message: "Message") -> dict[str, Any]:
    """The fields of a Message object that say who wrote it."""
    chat, signs = message.chat, message.sender_chat
    if chat.type == "channel":
        return {"sender_chat": chat.as_chat()}
    if signs is None:
        return {} if message.sender is None else {"from": message.sender.as_user()}
    stand_in = ANONYMOUS if signs is chat else TELEGRAM if "is_automatic_forward" in message.content else CHANNEL
    return {"from": dict(stand_in), "sender_chat": signs.as_chat()}


def origin_of(message: "Message") -> dict[str, Any]:
    """The MessageOrigin object of a forward of this message: its first author stays the author."""
    if "forward_origin" in message.content:
        return dict(message.content["forward_origin"])
    origin: dict[str, Any] = {"date": message.date}
    signs = message.chat if message.chat.type == "channel" else message.sender_chat
    if signs is not None and signs.type == "channel":
        return {"type": "channel", **origin, "chat": signs.as_chat(), "message_id": message.message_id}
    if signs is not None:
        return {"type": "chat", **origin, "sender_chat": signs.as_chat()}
    if message.sender is not None:
        return {"type": "user", **origin, "sender_user": message.sender.as_user()}
    return {"type": "hidden_user", **origin, "sender_user_name": "Somebody"}
