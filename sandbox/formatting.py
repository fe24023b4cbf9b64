"""From the parameters text, parse_mode and entities to what stands in a message."""

from typing import Any

from sandbox.dates import around_dates, date_format
from sandbox.entities import find_entities, parse_html, trimmed, utf16_length
from sandbox.keyboards import check_url
from sandbox.refusals import bad_request
from sandbox.state import State, check_length

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CLEANED = {code: " " for code in range(32) if chr(code) != "\n"} | {ord("\r"): None}  # as the server does
STYLES = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "expandable_blockquote"}
)
FOUND_BY_ITSELF = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
LINKS = frozenset({"text_link", "text_mention", "custom_emoji", "date_time"})


def text_content(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """The content of a text message.

    Raises:
        Refusal: empty, too long, or its entities cannot be parsed.
    """
    text, entities = _formatted(state, parameters["text"], parameters.get("parse_mode"), parameters.get("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    check_length(text, TEXT_LIMIT, "message")
    content: dict[str, Any] = {"text": text}
    if entities:
        content["entities"] = entities
    if "link_preview_options" in parameters:
        content["link_preview_options"] = _link_preview(parameters["link_preview_options"])
    return content


def caption_content(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """The caption of a file, or nothing.

    Raises:
        Refusal: too long, or its entities cannot be parsed.
    """
    caption, entities = _formatted(
        state, parameters.get("caption", ""), parameters.get("parse_mode"), parameters.get("caption_entities")
    )
    check_length(caption, CAPTION_LIMIT, "message caption")
    content: dict[str, Any] = {"caption": caption} if caption else {}
    if entities:
        content["caption_entities"] = entities
    return content


def _formatted(
    state: State, text: str, parse_mode: str | None, entities: list[Any] | None
) -> tuple[str, list[dict[str, Any]]]:
    text = text.translate(CLEANED)
    if parse_mode:
        if entities is not None:
            raise bad_request("the sandbox takes parse_mode or entities, not both")
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode (the sandbox knows HTML only)")
        text, known = parse_html(text)
        known = [mention for entity in known if (mention := _mention(state, entity))]
    else:
        known = around_dates([_entity(state, one, utf16_length(text)) for one in entities or []])
    text, known = trimmed(text, known)
    return text, find_entities(text, known)


def _mention(state: State, entity: dict[str, Any]) -> dict[str, Any] | None:
    """A link to a person is a mention of somebody the server knows, or nothing."""
    prefix, _, number = str(entity.get("url", "")).partition("tg://user?id=")
    if prefix or not number:
        return entity
    person = state.people.get(int(number)) if number.isdigit() else None
    place = {"offset": entity["offset"], "length": entity["length"]}
    return {"type": "text_mention", **place, "user": person.as_user()} if person else None


def _entity(state: State, entity: Any, end: int) -> dict[str, Any]:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind = entity.get("type")
    if kind == "date_time":
        entity = _date(entity)
    elif kind not in STYLES | FOUND_BY_ITSELF | LINKS:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    _check_place(_number(entity, "offset"), _number(entity, "length"), end)
    if kind == "text_link":
        check_url(str(entity.get("url", "")), "entity")
    if kind == "text_mention" and (entity.get("user") or {}).get("id") not in state.people:
        raise bad_request("user not found")
    return dict(entity)


def _date(entity: dict[str, Any]) -> dict[str, Any]:
    if "unix_time" not in entity:
        raise bad_request("can't parse MessageEntity: Can't find field \"unix_time\"")
    unix_time = _number(entity, "unix_time")
    shown = date_format(str(entity.get("date_time_format", "")), last=True)
    if shown is None:
        raise bad_request("can't parse MessageEntity: Invalid date-time format specified")
    if unix_time <= 0:
        raise bad_request("invalid date specified")
    place = {"offset": entity.get("offset"), "length": entity.get("length")}
    return {"type": "date_time", **place, "unix_time": unix_time, "date_time_format": shown}


def _number(entity: dict[str, Any], name: str) -> int:
    value = entity.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be of type Number')
    return value


def _check_place(offset: int, length: int, end: int) -> None:
    if offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if length <= 0:
        raise bad_request(f"receive an entity with incorrect length {length}")
    if offset >= end:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset + length > end:
        sentence = f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset"
        raise bad_request(f"{sentence} {offset + length}")


def _link_preview(options: dict[str, Any]) -> dict[str, Any]:
    for name, value in options.items():
        if name in {"is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"}:
            if not isinstance(value, bool):
                raise bad_request(f'can\'t parse link preview options: Field "{name}" must be of type Boolean')
        elif name == "url":
            check_url(str(value), "link preview")
        else:
            raise bad_request(f'can\'t parse link preview options: unknown field "{name}"')
    return options
