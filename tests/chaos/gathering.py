"""The evidence: both servers' ledgers and the chats, sorted by list. The numbers of a list tell what belongs to it."""

import json
from collections.abc import Iterable
from math import inf

from sandbox.chats import Message
from sandbox.ledger import Submit
from tests.chaos.crowd import Crowd, Handed
from tests.chaos.hearing import is_marked, was_button
from tests.chaos.story import Event, Story, What
from tests.chaos.world import World
from tests.talking import verdicts


def gather(world: World, crowd: Crowd) -> list[Story]:
    """Tell the story of every list."""
    lists = {id(one): _begun(one) for one in crowd.lists}
    stories = [lists[id(one)] for one in crowd.lists]
    by_number = {number: lists[id(one)] for one in crowd.lists for number in one.fresh}
    for submit in world.checker.submits:
        for story in _whose(submit.numbers, by_number):
            story.events.append(Event(submit.at, What.SUBMIT, f"{end_of(submit)} {submit.task_id or ''}"))
    for charge in world.checker.ledger:
        for story in _whose(charge.numbers, by_number):
            story.events.append(Event(charge.at, What.CHARGE, f"{charge.task_id} {charge.form}"))
            if frozenset(charge.numbers) != story.numbers - story.known:
                story.events.append(Event(charge.at, What.WRONG, f"{charge.count} numbers were charged"))
    for one in crowd.lists:
        story = lists[id(one)]
        story.events += [Event(one.at, What.SENT), *one.done, *_said(world, one, story)]
        story.events += _unread(world.checker.submits, story)
        story.events.sort(key=lambda event: event.at)
    return stories


def _begun(one: Handed) -> Story:
    return Story(f"{one.name} in chat {one.chat_id}", frozenset(one.numbers), known=one.known)


def _unread(submits: Iterable[Submit], story: Story) -> list[Event]:
    """Give the submits that broke before their list was read, and that a question of this story can be about."""
    cuts = [submit.at for submit in submits if submit.status is None and not submit.numbers]
    found = []
    for question in story.of(What.QUESTION):
        since = max((one.at for one in story.of(What.CHECK, What.AGAIN) if one.at < question.at), default=inf)
        found += [Event(at, What.SUBMIT, "cut unread") for at in cuts if since <= at <= question.at]
    return found


def _whose(numbers: Iterable[str], by_number: dict[str, Story]) -> list[Story]:
    return list({id(story): story for number in numbers if (story := by_number.get(number))}.values())


def end_of(submit: Submit) -> str:
    """Say how a submit ended, as far as its sender can tell."""
    if submit.status is None:
        return "cut"
    try:
        json.loads(submit.answer)
    except ValueError:
        if submit.status < 300:
            return f"unclear {submit.status}"
        return "5xx" if submit.status >= 500 else f"{submit.status} not JSON"
    return str(submit.status) if submit.status >= 300 or "task_id" in submit.answer else f"unclear {submit.status}"


def _said(world: World, one: Handed, story: Story) -> list[Event]:
    found = one.heard(world.telegram)
    events = [Event(message.date, What.PREVIEW, f"message {message.message_id}") for message in found.previews]
    asked: dict[str, Message] = {}
    for message in found.questions:
        asked.setdefault(was_button(message, "again") or "", message)
    # Telegram's times are whole seconds: a question is at the end of its second, or just before it was answered.
    answered = {event.words: event.at - 0.001 for event in one.done}
    events += [
        Event(min(message.date + 0.999, answered.get(data, inf)), What.QUESTION, data)
        for data, message in asked.items()
    ]
    for message in found.results:
        kind = What.REPEAT if is_marked(message) else What.RESULT
        events.append(Event(message.date, kind, f"message {message.message_id}"))
        if set(verdicts(message)) != story.numbers:
            events.append(Event(message.date, What.WRONG, f"message {message.message_id} holds other numbers"))
    events += [Event(message.edit_date or message.date, What.TOLD, ending) for ending, message in found.told.items()]
    return events
