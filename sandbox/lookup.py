"""The methods by which a bot asks about itself, chats and their members, and leaves."""

from typing import Any

from sandbox.chats import PRESENT, SEES_ALL
from sandbox.refusals import bad_request
from sandbox.state import State


def get_me(state: State, _: dict[str, Any]) -> dict[str, Any]:
    """The bot itself."""
    return {
        **state.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """A chat in full."""
    chat = state.reachable_chat(parameters["chat_id"])
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
    )
    return {**chat.as_chat(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_chat_member(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """One member. Others than the bot and the administrators are told only to an administrator."""
    chat = state.reachable_chat(parameters["chat_id"])
    member = chat.members.get(parameters["user_id"])
    if chat.type == "private":
        raise bad_request("the sandbox does not tell members of a private chat")
    open_to_all = member is not None and (member.person is state.bot or member.status in SEES_ALL)
    if not open_to_all and chat.status_of(state.bot.id) not in SEES_ALL:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    if member is None:
        person = state.people.get(parameters["user_id"])
        if person is None:
            raise bad_request("invalid user_id specified")
        return {"user": person.as_user(), "status": "left"}
    return member.as_chat_member()


def get_chat_administrators(state: State, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """The creator and the administrators that are not bots; bots too where asked for."""
    chat = state.reachable_chat(parameters["chat_id"])
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    admins = [member for member in chat.members.values() if member.status in SEES_ALL]
    bots = parameters.get("return_bots", False)
    return [one.as_chat_member() for one in admins if bots or not one.person.is_bot or one.person is state.bot]


def get_chat_member_count(state: State, parameters: dict[str, Any]) -> int:
    """How many are in the chat, the bot included."""
    chat = state.reachable_chat(parameters["chat_id"])
    return sum(member.status in PRESENT for member in chat.members.values())


def leave_chat(state: State, parameters: dict[str, Any]) -> bool:
    """Go."""
    chat = state.reachable_chat(parameters["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[state.bot.id].status = "left"
    state.changes.tell("left", chat_id=chat.id)
    return True


def log_out(state: State, _: dict[str, Any]) -> bool:
    """Say goodbye to the server; the sandbox only writes it down."""
    state.changes.tell("logged_out")
    return True
