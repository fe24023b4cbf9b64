"""Several people in one group, as the stories of a team tell it."""

from dataclasses import dataclass
from typing import Any

from sandbox.chats import Message, Person
from sandbox.ledger import Charge
from tests.running import Rehearsal
from tests.talking import PATIENCE, Talk, charges, words

ADA_ID, OLEG_ID = 7_000_001, 7_000_002
ADMINS = {"ADMIN_IDS": f"{ADA_ID},{OLEG_ID}", "ALLOWED_IDS": ""}
"""The settings of a bot with two admins; all others have to be let in."""
AT_BOT = "@number_check_bot"
CHECK = f"/check{AT_BOT}"
NOT_YOURS = words("press-not-yours", name="Boris")


def admins(run: Rehearsal) -> tuple[Talk, Talk]:
    """Let both admins of the bot open a private chat with it."""
    ada, oleg = (
        run.telegram.add_person(name, id=number, language_code="en")
        for name, number in (("Ada", ADA_ID), ("Oleg", OLEG_ID))
    )
    return Talk(run, ada), Talk(run, oleg)


def group(
    run: Rehearsal, *, owner: Person | None = None, title: str = "Sales", bot: str = "member", **kind: Any
) -> Talk:
    """Let somebody who may use the bot make a group and add the bot to it, which lets the group in.

    Gives the owner's talk there, in a topic where it is a forum.
    """
    owner = owner or run.telegram.add_person("Olga", language_code="en")
    kind = {"supergroup": True} | kind
    chat_id = run.telegram.add_group(title, [owner], bot=None, **kind)
    here = Talk(run, owner, chat_id)
    if kind.get("forum"):
        here.thread_id = run.telegram.add_topic(owner, chat_id, "Lists")
    run.telegram.set_member(chat_id, run.telegram.bot, bot, by=owner)
    return here


def beside(here: Talk, name: str = "Boris", status: str = "member", **rights: Any) -> Talk:
    """Let somebody new come into the group. They have never written to the bot in private."""
    person = here.run.telegram.add_person(name, language_code="en")
    here.run.telegram.set_member(here.chat_id, person, status, by=here.person, **rights)
    return Talk(here.run, person, here.chat_id, here.thread_id)


@dataclass
class Team:
    """A group that Ada has made: Boris sends the lists, Dora is its admin, Oleg the bot's, and Clara neither."""

    boris: Talk
    clara: Talk
    dora: Talk
    oleg: Talk

    @property
    def entitled(self) -> tuple[Talk, Talk, Talk]:
        """Give those who may decide about Boris's lists."""
        return self.boris, self.dora, self.oleg

    async def asks_about(self, *numbers: str, name: str) -> Message:
        """Let Boris send a list; give its preview."""
        await self.boris.send(name, "\n".join(numbers), caption=CHECK)
        return await self.boris.hears(f"{name} · Boris")

    async def clara_cannot(self, card: Message, label: str, why: str = NOT_YOURS) -> None:
        """Let Clara press: she is told why nothing happens."""
        answer = await self.clara.press(card, label)
        assert (answer.text, answer.show_alert) == (why, True), label


def team_of(run: Rehearsal, ada: Talk, oleg: Talk, **kind: Any) -> Team:
    """Let Ada make a group with one of each. The bot is an admin there, so that Telegram tells it who is in it."""
    here = group(run, owner=ada.person, bot="administrator", **kind)
    run.telegram.set_member(here.chat_id, oleg.person, "member", by=ada.person)
    boris, clara, dora = beside(here), beside(here, "Clara"), beside(here, "Dora", "administrator")
    return Team(boris, clara, dora, Talk(run, oleg.person, here.chat_id, here.thread_id))


async def charged(run: Rehearsal, *numbers: str) -> Charge:
    """Wait until a list is charged."""
    return (await run.checker.wait_for(lambda _: charges(run, *numbers), PATIENCE))[0]


async def under_way(person: Talk, card: Message, *numbers: str) -> str:
    """Let somebody press "Check", and the check stand still half way; give its task, to be released."""
    checker = person.run.checker
    await person.press(card, "Check")
    charge = await charged(person.run, *numbers)
    checker.faults.arm("task_stalls", task_id=charge.task_id, at=0.5)
    await checker.wait_for(lambda checker: checker.polls[charge.task_id], PATIENCE)
    return charge.task_id


def said(run: Rehearsal, chat_id: int) -> list[str]:
    """Give what the bot has said in a chat, as it stands now."""
    return [one.text for one in run.telegram.bot_messages(chat_id)]


def replied_to(message: Message) -> int | None:
    """Give the id of the message that this one replies to."""
    return message.reply_to.message_id if message.reply_to else None


def data_of(card: Message, label: str) -> str:
    """Give what a button calls back with, to be pressed when it is gone."""
    buttons = (one for row in card.keyboard for one in row)
    return next(str(one["callback_data"]) for one in buttons if one["text"].startswith(label))


async def knocks(here: Talk, message: Message) -> str:
    """Press a button that nobody has made, and give the answer: by then all that was written before was seen to."""
    place = here.person, here.chat_id, message.message_id
    answer = await here.run.telegram.press(*place, "c:forged:1", timeout=PATIENCE)
    assert answer.answered
    return answer.text


def is_out(run: Rehearsal, here: Talk) -> bool:
    """Say whether the bot has left."""
    return run.telegram.state.chats[here.chat_id].status_of(run.telegram.bot.id) == "left"


async def leaves(run: Rehearsal, here: Talk) -> None:
    """Wait until the bot has left."""
    await run.telegram.wait_for(lambda _: is_out(run, here) or None, PATIENCE)


async def jobs_say(here: Talk, words: str) -> Message:
    """Ask for the latest lists, a few times where need be: a file may be there just before its list is called done."""
    for _ in range(8):
        listed = await here.asks(f"/jobs{AT_BOT}")
        if words in listed.text:
            return listed
    raise AssertionError(f"{words!r} is not said of any list: {listed.text}")
