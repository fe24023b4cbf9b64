"""The methods by which a bot speaks: messages, files, forwards, copies, actions, reactions."""

from typing import Any

from sandbox.chats import Chat, Message
from sandbox.files import StoredFile, Upload
from sandbox.formatting import caption_content, text_content
from sandbox.keyboards import check_markup
from sandbox.photos import check_photo
from sandbox.refusals import bad_request
from sandbox.senders import origin_of
from sandbox.state import State

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
SHOWN_SO = {"show_caption_above_media": "show_caption_above_media", "has_spoiler": "has_media_spoiler"}
REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌"
    "🏆💔🤨😐🍓🍾💋😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉"
    "🦄😘💊🙊😎👾😡"
)


def send_message(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Send a text."""
    chat, more = _place(state, parameters, "text messages")
    return _sent(state, chat, text_content(state, parameters), more)


def send_document(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Send a file, new or by its file_id."""
    chat, more = _place(state, parameters, "documents")
    caption = caption_content(state, parameters)
    stored = _file(state, parameters["document"], "document")
    return _sent(state, chat, {"document": stored.as_document(), **caption}, {**more, "data": stored.data})


def send_photo(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Send a picture, PNG or JPEG, new or by its file_id."""
    chat, more = _place(state, parameters, "photos")
    caption = caption_content(state, parameters)
    if isinstance(parameters["photo"], Upload) and parameters["photo"].data:
        check_photo(parameters["photo"].data)
    stored = _file(state, parameters["photo"], "photo")
    shown = {name: True for word, name in SHOWN_SO.items() if parameters.get(word)}
    return _sent(state, chat, {"photo": stored.as_photo(), **caption, **shown}, {**more, "data": stored.data})


def forward_message(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Send a message on, with its author's name."""
    original = _original(state, parameters, "forward")
    chat, more = _place(state, parameters, _kind(original))
    content = {**original.content, "forward_origin": origin_of(original)}
    return _sent(state, chat, content, {**more, "data": original.data})


def copy_message(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Send the content of a message as one's own."""
    original = _original(state, parameters, "copy")
    chat, more = _place(state, parameters, _kind(original))
    content = dict(original.content)
    if "caption" in parameters and "text" not in content:
        content = {word: value for word, value in content.items() if not word.startswith("caption")}
        content |= caption_content(state, parameters)
    return {"message_id": _sent(state, chat, content, {**more, "data": original.data})["message_id"]}


def send_chat_action(state: State, parameters: dict[str, Any]) -> bool:
    """Show people that the bot is busy."""
    if parameters["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = state.writable_chat(parameters["chat_id"], "text messages", parameters.get("message_thread_id"))
    state.changes.tell(
        "action", chat_id=chat.id, action=parameters["action"], thread_id=parameters.get("message_thread_id")
    )
    return True


def set_message_reaction(state: State, parameters: dict[str, Any]) -> bool:
    """Put a reaction under a message, or take it away."""
    chat = state.reachable_chat(parameters["chat_id"])
    message = chat.live_message(parameters["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions = parameters.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for one in reactions:
        if not isinstance(one, dict) or one.get("type") != "emoji" or one.get("emoji") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    message.reactions = reactions
    state.changes.tell("reaction", chat_id=chat.id, message_id=message.message_id, reaction=reactions)
    return True


def _place(state: State, parameters: dict[str, Any], what: str) -> tuple[Chat, dict[str, Any]]:
    """Where the message goes, to what it replies and what hangs under it."""
    thread_id = parameters.get("message_thread_id")
    chat = state.writable_chat(parameters["chat_id"], what, thread_id)
    more: dict[str, Any] = {"thread_id": thread_id, "silent": parameters.get("disable_notification", False)}
    if "reply_parameters" in parameters:
        more["reply_to"] = _reply(chat, parameters["reply_parameters"])
        state.check_reply_thread(more["reply_to"])
    if "reply_markup" in parameters:
        more["markup"] = check_markup(parameters["reply_markup"])
    return chat, more


def _reply(chat: Chat, reply: dict[str, Any]) -> Message | None:
    # quote_parse_mode without a quote says nothing; client libraries send it with every reply.
    unknown = sorted(set(reply) - {"message_id", "chat_id", "allow_sending_without_reply", "quote_parse_mode"})
    if unknown:
        raise bad_request(f'can\'t parse reply parameters: unknown or unsupported field "{unknown[0]}"')
    message_id, without = reply.get("message_id"), reply.get("allow_sending_without_reply", False)
    if isinstance(message_id, bool) or not isinstance(message_id, int):
        raise bad_request("can't parse reply parameters: Can't find field \"message_id\"")
    if not isinstance(without, bool):
        raise bad_request('can\'t parse reply parameters: Field "allow_sending_without_reply" must be of type Boolean')
    if reply.get("chat_id", chat.id) not in {chat.id, str(chat.id)}:
        raise bad_request("the sandbox does not support replies to another chat")
    message = chat.live_message(message_id)
    if message is None and not without:
        raise bad_request("message to be replied not found")
    return message


def _file(state: State, value: Upload | str, kind: str) -> StoredFile:
    if isinstance(value, Upload):
        if not value.data:
            raise bad_request("file must be non-empty")
        return state.files.keep(value, kind)
    if "://" in value:
        raise bad_request("wrong HTTP URL specified")
    stored = state.files.find(value)
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def _original(state: State, parameters: dict[str, Any], verb: str) -> Message:
    message = state.reachable_chat(parameters["from_chat_id"]).live_message(parameters["message_id"])
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.service:
        raise bad_request(f"message can't be {'forwarded' if verb == 'forward' else 'copied'}")
    return message


def _kind(message: Message) -> str:
    return "documents" if "document" in message.content else "photos" if "photo" in message.content else "text messages"


def _sent(state: State, chat: Chat, content: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    state.flood.spend(chat.id, state.clock.now())
    return state.put(chat, state.bot, content, **more).as_message()
