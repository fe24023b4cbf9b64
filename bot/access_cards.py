"""What the admins are shown of who asks to use the bot, and how that ended."""

from bot.cards import Action, Button, Card, Press, Style, lines, short
from bot.texts import Html, Texts
from storage.access_requests import Decision, Request

NO_NAME = "—"


def question(request: Request, texts: Texts, *, members: int | None, files: int) -> Card:
    """Ask an admin whether somebody, or a group, is let in.

    Args:
        request: Who asks.
        texts: The admin's language.
        members: How many are in the group, where Telegram says it.
        files: How many files wait unread.
    """
    buttons = (
        Button(texts.plain("button-approve-access"), _press(request, Decision.APPROVED), Style.SUCCESS),
        Button(texts.plain("button-deny"), _press(request, Decision.DENIED)),
        Button(texts.plain("button-block"), _press(request, Decision.BLOCKED), Style.DANGER),
    )
    at = request.leave_at
    said = lines(
        texts.say("access-asks-group" if request.is_group else "access-asks-person"),
        who(request, texts, members),
        texts.say("access-files", count=files) if files else None,
        texts.say("access-leaves", date=texts.day_there(at), time=texts.clock_there(at)) if at is not None else None,
        texts.say("access-hint-group" if request.is_group else "access-hint-person"),
    )
    return Card(said, (buttons[:2], buttons[2:]))  # the third word is too long for a third of a phone


def notice(request: Request, texts: Texts, *, members: int | None) -> Card:
    """Tell an admin that somebody who may use the bot has let a group in by adding the bot to it."""
    revoke = Button(texts.plain("button-revoke"), Press(Action.REVOKE, str(request.chat_id)).pack(), Style.DANGER)
    return Card(lines(texts.say("access-added"), who(request, texts, members)), ((revoke,),))


def decided(request: Request, texts: Texts) -> Card:
    """Say how a request ended, in place of its question."""
    at = request.decided_at or 0.0
    when = {"date": texts.day_there(at), "time": texts.clock_there(at)}
    if request.decision is Decision.LEFT:
        how = texts.say("access-decided-left", **when)
    else:
        admin = short(request.decided_by_name or "") or NO_NAME
        how = texts.say(f"access-decided-{request.decision}", admin=admin, **when)
    return Card(lines(who(request, texts, request.members), how))


def who(request: Request, texts: Texts, members: int | None) -> Html:
    """Say who asks, and for which group. Names stand alone on their lines: some are written from right to left."""
    person = lines(
        texts.say("access-name", name=short(request.person_name) or NO_NAME),
        texts.say("access-account", username=f"@{request.username}", id=str(request.person_id))
        if request.username
        else texts.say("access-id", id=str(request.person_id)),
    )
    if not request.is_group:
        return person
    return lines(
        texts.say("access-name", name=short(request.chat_title or "") or NO_NAME),
        texts.say("access-id", id=str(request.chat_id))
        if members is None
        else texts.say("access-members", count=members, id=str(request.chat_id)),
        texts.say("access-asked-by"),
        person,
    )


def _press(request: Request, decision: Decision) -> str:
    return Press(Action.ADMIT, request.token, decision.value).pack()
