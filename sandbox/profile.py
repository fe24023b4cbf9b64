"""How the bot presents itself: its commands by scope and language, its name, its descriptions, its menu button."""

import re
from typing import Any

from sandbox.refusals import bad_request
from sandbox.state import State

SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
MOST_COMMANDS = 100
DESCRIPTION_LENGTH = 256
LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def set_my_commands(state: State, parameters: dict[str, Any]) -> bool:
    """Put the list of commands people of a scope and a language see."""
    key = _scope(parameters)
    if len(parameters["commands"]) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in parameters["commands"]:
        if not isinstance(one, dict) or set(one) - {"command", "description", "is_ephemeral"}:
            raise bad_request("can't parse BotCommand: expected an Object with command and description")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(one.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", ""))) <= DESCRIPTION_LENGTH:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.profile["commands", key] = parameters["commands"]
    state.changes.tell("profile", what="commands")
    return True


def get_my_commands(state: State, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the list of exactly this scope and language."""
    commands: list[dict[str, Any]] = state.profile.get(("commands", _scope(parameters)), [])
    return commands


def delete_my_commands(state: State, parameters: dict[str, Any]) -> bool:
    """Take the list of this scope and language away."""
    state.profile.pop(("commands", _scope(parameters)), None)
    return True


def set_my_text(state: State, parameters: dict[str, Any], word: str) -> bool:
    """Set the name or a description in a language; an empty one takes it away."""
    language = _language(parameters)
    text = parameters.get(word, "")
    if len(text) > LENGTHS[word]:
        raise bad_request(f"bot {word.replace('_', ' ')} is too long")
    state.profile[word, language] = text
    state.changes.tell("profile", what=word)
    return True


def get_my_text(state: State, parameters: dict[str, Any], word: str) -> dict[str, str]:
    """Give the name or a description; without one in this language, the general one."""
    language = _language(parameters)
    default = state.profile.get((word, ""), state.bot.first_name if word == "name" else "")
    return {word: state.profile.get((word, language)) or default}


def set_chat_menu_button(state: State, parameters: dict[str, Any]) -> bool:
    """Say what the button beside the input field does."""
    button = parameters.get("menu_button", {"type": "default"})
    if button.get("type") not in {"commands", "default"}:
        raise bad_request("the sandbox knows the menu buttons commands and default")
    state.profile["menu_button", str(parameters.get("chat_id", ""))] = button
    return True


def get_chat_menu_button(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Give it."""
    button: dict[str, Any] = state.profile.get(
        ("menu_button", str(parameters.get("chat_id", ""))), {"type": "commands"}
    )
    return button


def _scope(parameters: dict[str, Any]) -> str:
    scope = parameters.get("scope", {"type": "default"})
    kind = scope.get("type")
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if set(scope) != {"type", *SCOPES[kind]}:
        raise bad_request(f'can\'t parse BotCommandScope: "{kind}" takes {" and ".join(SCOPES[kind]) or "nothing"}')
    words = [str(kind), *(str(scope[word]) for word in SCOPES[kind]), _language(parameters)]
    return ":".join(words)


def _language(parameters: dict[str, Any]) -> str:
    language = str(parameters.get("language_code", ""))
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language
