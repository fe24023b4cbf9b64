"""The story of each job, told from both servers' ledgers, the chats, and what people pressed; for ``chaos.verdict``."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sandbox.chats import Message
from tests.chaos.gathering import end_of
from tests.chaos.hearing import endings_in, is_marked, was_button
from tests.chaos.story import Event, Story, What
from tests.simulation.people import People, tail
from tests.simulation.presses import buttons_of
from tests.simulation.watching import Watch
from tests.simulation.world import World
from tests.talking import words

PRESSES = {"check": What.CHECK, "new": What.CHECK, "cancel": What.CANCEL, "again": What.AGAIN, "close": What.CLOSE}
TOLD_OF = {
    "cancelled": {"cancelled", "forgotten"},
    "expired": {"expired", "forgotten"},
    "closed": {"closed", "forgotten"},
    "failed": {"failed", "forgotten"},
}
"""In which words a chat hears of these states."""


@dataclass
class JobStory(Story):
    """A job's story. ``amiss`` is what else is wrong with it."""

    was_restored: bool = False
    """A backup with this job was put back: what was done after its copy was made is not known any more."""
    was_unreachable: bool = False
    """Its chat could not be written to for some time."""
    is_gone: bool = False
    """It came after the copy that was put back: nothing knows of it any more."""
    amiss: list[str] = field(default_factory=list)


def tell_stories(world: World, people: People, watch: Watch) -> Iterator[JobStory]:
    """Tell the story of every job there ever was."""
    there = {str(token) for (token,) in world.rows("SELECT token FROM jobs")}
    chat_ids = [chat_id for place in people.places for chat_id in place.chat_ids]
    messages = [one for chat_id in chat_ids for one in world.telegram.messages(chat_id)]
    results = _results(watch, [one for one in messages if _is_result(one)])
    for token, job in watch.jobs.items():
        place = people.place_of(int(job["chat_id"]))
        story = JobStory(
            f"job {job['id']} ({token}), {job['state']}",
            frozenset(),
            was_restored=token in watch.restored,
            was_unreachable=place is None or place.name in people.troubled,
            is_gone=token not in there,
        )
        story.events = [*_presses(people, token, job), *_ledgers(watch, token)]
        story.events += _said(world, people, token, job, messages)
        for message in results.get(token, []):
            kind = What.REPEAT if is_marked(message) else What.RESULT
            story.events.append(Event(message.date, kind, f"message {message.message_id}"))
        story.events.sort(key=lambda event: event.at)
        story.amiss += _amiss(story, job)
        yield story


def _presses(people: People, token: str, job: dict[str, Any]) -> Iterator[Event]:
    """Give what was decided by those who may decide. What was pressed before a backup was put back counts by itself."""
    for one in people.presses_of(token, *PRESSES):
        if people.may_decide(one.person_id, job["starter_id"], job["chat_id"]):
            yield Event(one.at, PRESSES[one.action], f"{one.data}@{one.era}")


def _ledgers(watch: Watch, token: str) -> Iterator[Event]:
    for sent in watch.submits:
        if token in sent.tokens:
            yield Event(sent.submit.at, What.SUBMIT, f"{end_of(sent.submit)} {sent.submit.task_id or ''}")
    for one in watch.charges.charged.values():
        if one.token == token:
            yield Event(one.charge.at, What.CHARGE, f"{one.charge.task_id} {one.charge.form}")
            if watch.people.let_begin(int(watch.jobs[token]["chat_id"]), one.charge.count):
                yield Event(one.charge.at - 0.001, What.CHECK, f"by itself@{watch.born[token]}")


def _said(
    world: World, people: People, token: str, job: dict[str, Any], messages: Iterable[Message]
) -> Iterator[Event]:
    yield Event(0.0, What.SENT)
    place = people.place_of(int(job["chat_id"]))
    chats = place.chat_ids if place is not None else ()
    answered = {one.data: one.at - 0.001 for one in people.presses_of(token, "again")}
    for message in messages:
        if not message.from_bot or message.chat.id not in chats:
            continue
        mine = token in _tokens(message)
        is_card = (message.chat.id, message.message_id) in job["card"]
        replies = _about(message) in job["list"]
        if mine and (data := was_button(message, "again")) is not None:
            at = min(message.date + 0.999, answered.get(data, message.date + 0.999))
            yield Event(at, What.QUESTION, f"{data}@{world.era}")
        elif mine or is_card:
            yield Event(message.date, What.PREVIEW, f"message {message.message_id}")
        if mine or is_card or (replies and not _tokens(message)):
            for ending in {ending for text in message.texts() for ending in endings_in(text)}:
                yield Event(message.edit_date or message.date, What.TOLD, ending)


def _about(message: Message) -> tuple[int, int | None]:
    """Give what a message replies to; in a group that has moved, that is nothing."""
    return message.chat.id, None if message.reply_to is None else message.reply_to.message_id


def _tokens(message: Message) -> set[str]:
    """Give the jobs that a message had buttons of, in whatever form it ever had."""
    markups = [version["markup"] for version in message.versions] + [message.markup]
    rows = [row for markup in markups for row in (markup or {}).get("inline_keyboard", [])]
    data = (one.get("callback_data", "") for row in rows for one in row)
    return {one.split(":")[1] for one in data if one.count(":") == 2}


def _is_result(message: Message) -> bool:
    """Say whether the bot sent this as a result, and not again because somebody asked for it."""
    if not message.from_bot or message.document is None or "_checked_" not in message.document["file_name"]:
        return False
    return not any(mark in message.text for mark in _again_marks())


@cache
def _again_marks() -> tuple[str, ...]:
    """What the caption of a file that was asked for says between the list's name and the date."""
    said = (words("again-caption", language, name="\\1", date="\\2") for language in ("en", "ru"))
    return tuple(one.partition("\\1")[2].partition("\\2")[0] for one in said)


def _results(watch: Watch, documents: Iterable[Message]) -> dict[str, list[Message]]:
    """Find out of which job each result is: by its buttons, or by what it replies to, its numbers and its time."""
    found: dict[str, list[Message]] = {}
    for message in documents:
        tokens = {token for _, data in buttons_of(message) for token in [data.split(":")[1]]}
        if not tokens:
            tokens = {token for token, job in watch.jobs.items() if _about(message) in job["list"]}
            numbers = {one.decode() for one in re.findall(rb"\d{10}(?!\d)", content_of(message))}
            charges = [one for one in watch.charges.charged.values() if one.charge.at <= message.date + 1]
            charges.sort(key=lambda one: one.charge.at)
            by_number = [one.token for one in charges if numbers & set(map(tail, one.charge.numbers))]
            here = [token for token in by_number if token in tokens]
            tokens = set(here[-1:]) or tokens or set(by_number[-1:])
        for token in sorted(tokens)[:1]:
            found.setdefault(token, []).append(message)
    return found


def content_of(message: Message) -> bytes:
    """Give what is in a file that was sent, unpacked where it was sent packed."""
    data = message.data or b""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def _amiss(story: JobStory, job: dict[str, Any]) -> Iterator[str]:
    """Look whether a job's state is what its chat knows (invariants 5 and 6)."""
    if story.is_gone:
        return
    if job["state"] == "done" and not story.has(What.RESULT, What.REPEAT):
        yield f"done, and its file is not there: {story.told([])}"
    told = {one.words for one in story.of(What.TOLD)}
    wanted = TOLD_OF.get(job["state"])
    if wanted and not wanted & told and not story.was_unreachable:
        yield f"{job['state']}, and the chat was not told: {story.told([])}"
