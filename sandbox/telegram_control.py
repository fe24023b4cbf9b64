"""The control routes of the local Bot API server: what tests do in Python, as JSON over HTTP.

Loopback only, no token. Bodies and answers are JSON objects; a person is named by ``person_id``.

    GET  /sandbox/state                                -> {"bot", "people", "chats"}
    GET  /sandbox/view?person_id=     what one person sees  -> {"cursor", "bot", "people", "person", "chats"}
    GET  /sandbox/profile?person_id=&chat_id=      -> {"name", "description", "short_description", "commands"}
    POST /sandbox/language     {person_id, language_code}
    POST /sandbox/people       {first_name, id?, username?, language_code?}      -> {"person_id"}
    POST /sandbox/private_chat {person_id}                                        -> {"chat_id"}
    POST /sandbox/groups       {title, members: [person_id], supergroup?, forum?, channel?, privacy?, bot?, announce?}
                                                                                  -> {"chat_id"}
    POST /sandbox/delete_group {chat_id}            POST /sandbox/discuss {channel_id, group_id}
    POST /sandbox/topics       {person_id, chat_id, name}                         -> {"thread_id"}
    POST /sandbox/close_topic  {chat_id, thread_id, closed?}
    POST /sandbox/member       {chat_id, person_id, status, by?, rights?}         (person_id may be the bot's)
    POST /sandbox/block        {person_id}      POST /sandbox/unblock {person_id}
    POST /sandbox/delete_account {person_id}
    POST /sandbox/delete_topic {chat_id, thread_id}
    POST /sandbox/forbid_writing {chat_id, forbidden?}
    POST /sandbox/migrate      {chat_id}                                          -> {"chat_id"}
    POST /sandbox/send_text    {person_id, chat_id, text, reply_to?, thread_id?, as_channel?}  -> {"message_id"}
    POST /sandbox/send_document  multipart: file, person_id, chat_id, file_name?, caption?, reply_to?, thread_id?,
                               media_group_id?; or JSON with file_name and text   -> {"message_id"}
    POST /sandbox/send_contact {person_id, chat_id, phone_number, first_name, last_name?, vcard?, user_id?, reply_to?,
                               thread_id?}                                        -> {"message_id"}
    POST /sandbox/forward      {person_id, from_chat_id, message_id, chat_id, thread_id?}      -> {"message_id"}
    POST /sandbox/open_link    {person_id, url}                                   -> {"message_id"}
    POST /sandbox/paste        {person_id, chat_id, text, reply_to?, thread_id?}  -> {"message_ids"}
    POST /sandbox/edit         {person_id, chat_id, message_id, text}
    POST /sandbox/delete       {chat_id, message_id}
    POST /sandbox/press        {person_id, chat_id, message_id, button or data, timeout?}
                                                             -> {"text", "show_alert", "url", "answered"}
    POST /sandbox/forge        {person_id, chat_id, message_id, data}             (any data, no waiting)
    POST /sandbox/inject       {update}                                           -> {"update_id"}
    POST /sandbox/clock        {seconds}                                          -> {"now"}
    GET  /sandbox/messages?chat_id=                                               -> {"messages": [...], "cursor"}
    GET  /sandbox/document?chat_id=&message_id=        the bytes of a document or picture
    GET  /sandbox/events?after=0&timeout=25            -> {"events": [...], "cursor"}; waits until there is one.
                               With "Accept: text/event-stream" a stream of server-sent events instead.
    GET  /sandbox/calls?after=0&refused=0              -> {"calls": [...], "cursor"}
    GET  /sandbox/faults                               -> {"known", "armed", "struck"}
    POST /sandbox/faults       {name, times?, options?}
    DELETE /sandbox/faults?name=

An event is {"cursor", "event", ...}: message, edited, deleted, pressed, answered, action, reaction, member, person,
profile, left, logged_out, refused, downloaded. What no client would let a person do is 400 {"error"}.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.chats import Person
from sandbox.events import EVENT_STREAM, next_events, stream
from sandbox.faults import TELEGRAM_FAULTS, UnknownFaultError
from sandbox.people import NotPossibleError
from sandbox.refusals import Refusal
from sandbox.upload import read_request
from sandbox.views import attachment, profile_of, speak, view_of

if TYPE_CHECKING:
    from sandbox.telegram_api import TelegramServer

Do = Callable[["TelegramServer", dict[str, Any]], Awaitable[dict[str, Any]]]


def add_control_routes(app: web.Application, server: "TelegramServer") -> None:
    """Hang the routes into the server's application."""

    def route(do: Do) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            try:
                return web.json_response(await do(server, await read_request(request)))
            except (NotPossibleError, Refusal, UnknownFaultError, KeyError, TypeError, ValueError) as error:
                return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

        return handler

    async def document(request: web.Request) -> web.Response:
        try:
            return attachment(server.state.chats[int(request.query["chat_id"])], int(request.query["message_id"]))
        except (KeyError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=404)

    async def events(request: web.Request) -> web.StreamResponse:
        if EVENT_STREAM in request.headers.get("Accept", ""):
            return await stream(server.state.changes, request)
        return await route(lambda server, given: next_events(server.state.changes, given))(request)

    for path, do in _POSTS.items():
        app.router.add_post(f"/sandbox/{path}", route(do))
    app.router.add_get("/sandbox/state", route(_state))
    app.router.add_get("/sandbox/view", route(_view))
    app.router.add_get("/sandbox/profile", route(_profile))
    app.router.add_get("/sandbox/messages", route(_messages))
    app.router.add_get("/sandbox/calls", route(_calls))
    app.router.add_get("/sandbox/faults", route(_faults))
    app.router.add_delete("/sandbox/faults", route(_disarm))
    app.router.add_get("/sandbox/document", document)
    app.router.add_get("/sandbox/events", events)


def _person(server: "TelegramServer", given: dict[str, Any], word: str = "person_id") -> Person:
    number = int(given[word])
    return server.bot if number == server.bot.id else server.state.people[number]


def _options(given: dict[str, Any], *words: str) -> dict[str, Any]:
    """The words that were given; numbers of a form are read."""
    numbers = {"reply_to", "thread_id", "as_channel"}
    return {word: int(given[word]) if word in numbers else given[word] for word in words if given.get(word) is not None}


def _does(act: Callable[["TelegramServer", dict[str, Any]], None]) -> Do:
    """What has nothing to tell but that it is done."""

    async def do(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
        act(server, given)
        return {}

    return do


async def _state(server: "TelegramServer", _: dict[str, Any]) -> dict[str, Any]:
    chats = [
        {
            **chat.as_chat(),
            "members": [member.as_chat_member() for member in chat.members.values()],
            "topics": [asdict(topic) for topic in chat.topics.values()],
            "migrated_to": chat.migrated_to,
        }
        for chat in server.state.chats.values()
    ]
    people = [person.as_user() for person in server.state.people.values()]
    profile = {" ".join(key): value for key, value in server.state.profile.items()}
    return {"bot": server.bot.as_user(), "people": people, "chats": chats, "profile": profile}


async def _view(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    return view_of(server.state, _person(server, given))


async def _profile(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    return profile_of(server.state, _person(server, given), server.state.chats.get(int(given["chat_id"])))


async def _add_person(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    person = server.add_person(given["first_name"], **_options(given, "id", "username", "language_code", "is_bot"))
    return {"person_id": person.id}


async def _private_chat(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    return {"chat_id": server.private_chat(_person(server, given))}


async def _add_group(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    members = [server.state.people[number] for number in given.get("members", [])]
    options = _options(given, "supergroup", "forum", "channel", "privacy", "bot", "announce")
    return {"chat_id": server.add_group(given["title"], members, **options)}


async def _add_topic(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    return {"thread_id": server.add_topic(_person(server, given), given["chat_id"], given["name"])}


async def _close_topic(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    server.close_topic(given["chat_id"], given["thread_id"], closed=given.get("closed", True))
    return {}


async def _member(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    by = _person(server, given, "by") if "by" in given else None
    server.set_member(given["chat_id"], _person(server, given), given["status"], by=by, **given.get("rights", {}))
    return {}


async def _migrate(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    return {"chat_id": server.migrate(given["chat_id"])}


async def _send_text(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    options = _options(given, "reply_to", "thread_id", "as_channel")
    return {"message_id": await server.send_text(_person(server, given), given["chat_id"], given["text"], **options)}


async def _paste(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    options = _options(given, "reply_to", "thread_id")
    return {"message_ids": await server.paste(_person(server, given), given["chat_id"], given["text"], **options)}


async def _send_document(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    if "file" in given:
        name, data = given.get("file_name", given["file"].file_name), given["file"].data
    else:
        name, data = given["file_name"], given["text"].encode()
    words = ("caption", "reply_to", "thread_id", "media_group_id", "mime_type", "size", "as_channel")
    options = _options(given, *words)
    person, chat_id = _person(server, given), int(given["chat_id"])
    return {"message_id": await server.send_document(person, chat_id, name, data, **options)}


async def _send_contact(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    place = given["chat_id"], given["phone_number"], given["first_name"]
    options = _options(given, "last_name", "vcard", "user_id", "reply_to", "thread_id")
    return {"message_id": await server.send_contact(_person(server, given), *place, **options)}


async def _forward(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    place, options = (given["from_chat_id"], given["message_id"], given["chat_id"]), _options(given, "thread_id")
    return {"message_id": await server.forward(_person(server, given), *place, **options)}


async def _open_link(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    return {"message_id": await server.open_link(_person(server, given), given["url"])}


async def _edit(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    await server.edit_text(_person(server, given), given["chat_id"], given["message_id"], given["text"])
    return {}


async def _delete(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    await server.delete(given["chat_id"], given["message_id"])
    return {}


async def _press(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    place, options = (given["chat_id"], given["message_id"]), _options(given, "timeout")
    if "data" in given:
        return asdict(await server.press_data(_person(server, given), *place, given["data"], **options))
    return asdict(await server.press(_person(server, given), *place, given["button"], **options))


async def _forge(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    await server.forge(_person(server, given), given["chat_id"], given["message_id"], given["data"])
    return {}


async def _inject(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    return {"update_id": await server.inject(given["update"])}


async def _clock(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    server.clock.advance(given["seconds"])
    server.state.changes.tell()
    return {"now": server.clock.now()}


async def _arm(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    server.faults.arm(given["name"], given.get("times", 1), **given.get("options", {}))
    return {}


async def _disarm(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    server.faults.disarm(given["name"])
    return {}


async def _faults(server: "TelegramServer", _: dict[str, Any]) -> dict[str, Any]:
    armed = {name: list(waiting) for name, waiting in server.faults.armed.items() if waiting}
    return {"known": TELEGRAM_FAULTS, "armed": armed, "struck": server.faults.struck}


async def _messages(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    records = [message.as_record() for message in server.messages(int(given["chat_id"]))]
    return {"messages": records, "cursor": len(server.state.changes.events)}


async def _calls(server: "TelegramServer", given: dict[str, Any]) -> dict[str, Any]:
    calls = server.refused if given.get("refused") == "1" else server.calls
    return {"calls": [call.as_record() for call in calls[int(given.get("after", 0)) :]], "cursor": len(calls)}


_POSTS: dict[str, Do] = {
    "people": _add_person,
    "language": _does(lambda server, given: speak(server.state, _person(server, given), given["language_code"])),
    "private_chat": _private_chat,
    "groups": _add_group,
    "topics": _add_topic,
    "close_topic": _close_topic,
    "member": _member,
    "block": _does(lambda server, given: server.block(_person(server, given))),
    "unblock": _does(lambda server, given: server.unblock(_person(server, given))),
    "migrate": _migrate,
    "send_text": _send_text,
    "paste": _paste,
    "delete_account": _does(lambda server, given: server.delete_account(_person(server, given))),
    "delete_topic": _does(lambda server, given: server.delete_topic(given["chat_id"], given["thread_id"])),
    "forbid_writing": _does(
        lambda server, given: server.forbid_writing(given["chat_id"], forbidden=given.get("forbidden", True))
    ),
    "send_document": _send_document,
    "send_contact": _send_contact,
    "forward": _forward,
    "open_link": _open_link,
    "delete_group": _does(lambda server, given: server.delete_group(given["chat_id"])),
    "discuss": _does(lambda server, given: server.discuss(given["channel_id"], given["group_id"])),
    "edit": _edit,
    "delete": _delete,
    "press": _press,
    "forge": _forge,
    "inject": _inject,
    "clock": _clock,
    "faults": _arm,
}
