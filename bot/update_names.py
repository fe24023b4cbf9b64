"""What an update is called before anything looks into it: the key that makes it one row, the lane that keeps its order.

Works on whatever JSON came: a shape that nobody knows gets a name like any other. Pure.
"""

import hashlib
import json
from typing import Any

LONGEST_KEY = 200
LARGEST = 2**63
"""No id of Telegram's comes near, and no database column holds more."""


def key_of(raw: dict[str, Any]) -> str:
    """Name an update by kind and ids, so that the same thing told twice is one row."""
    key = _plain_key(raw)
    return key if key.isascii() and len(key) <= LONGEST_KEY else f"odd:{digest(key)}"


def lane_of(raw: dict[str, Any]) -> int:
    """Give the chat whose updates are handled in order; 0 for what belongs to none."""
    for event in raw.values():
        if isinstance(event, dict):
            within = event.get("message") if isinstance(event.get("message"), dict) else event
            chat = within.get("chat") if isinstance(within, dict) else None
            if isinstance(chat, dict) and _is_id(chat.get("id")):
                return int(chat["id"])
    return 0


def has_id(raw: object) -> bool:
    """Say whether this can be an update: it has a number that can be confirmed."""
    return isinstance(raw, dict) and _is_id(raw.get("update_id")) and raw["update_id"] > 0


def digest(text: str) -> str:
    """Give a short name for a text of any length."""
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _plain_key(raw: dict[str, Any]) -> str:
    kind = next((name for name in raw if name != "update_id"), "nothing")
    event: dict[str, Any] = raw[kind] if isinstance(raw.get(kind), dict) else {}
    told = event.get("chat")
    chat: dict[str, Any] = told if isinstance(told, dict) else {}
    if kind == "message" and "message_id" in event and "id" in chat:
        return f"message:{chat['id']}:{event['message_id']}"
    if kind == "edited_message" and "message_id" in event and "id" in chat:
        # Two edits within one second have the same date; what they say tells them apart.
        said = digest(json.dumps([event.get("text"), event.get("caption"), event.get("document")], sort_keys=True))
        return f"edited_message:{chat['id']}:{event['message_id']}:{event.get('edit_date')}:{said}"
    if kind == "callback_query" and "id" in event:
        return f"callback_query:{event['id']}"
    if kind == "my_chat_member":
        return f"my_chat_member:{chat.get('id')}:{event.get('date')}:{digest(json.dumps(event, sort_keys=True))}"
    return f"{kind}:{raw['update_id']}:{digest(json.dumps(raw, sort_keys=True))}"


def _is_id(value: object) -> bool:
    return type(value) is int and -LARGEST < value < LARGEST
