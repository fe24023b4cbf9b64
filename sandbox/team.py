"""Who is there when the sandbox stands open: a team with a group and a forum, and somebody who is not in it."""

from dataclasses import dataclass

from sandbox.chats import Person
from sandbox.telegram_api import TelegramServer

TEAM_IDS = (5_000_101, 5_000_102)
"""Known beforehand, so that the bot's settings can let them in."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the people, groups and topics are called."""

    people: tuple[str, str]
    stranger: str
    group: str
    forum: str
    topics: tuple[str, str]


NAMES = {
    "en": Names(("Boris", "Vera"), "Oscar", "Sales team", "Campaigns", ("Autumn", "Partners")),
    "ru": Names(("Борис", "Вера"), "Олег", "Отдел продаж", "Кампании", ("Осень", "Партнёры")),
}


@dataclass(frozen=True, slots=True)
class Team:
    """The people beside the first one, and the ids of their chats."""

    people: tuple[Person, ...]
    group: int
    forum: int


def add_team(telegram: TelegramServer, first: Person, language: str) -> Team:
    """Let the team be there; the bot hears that ``first`` adds it to both groups.

    The group is a small one, so that it can become a supergroup; the forum has two topics beside its general one.
    """
    names = NAMES[language]
    ids = zip(names.people, TEAM_IDS, strict=True)
    boris, vera = (telegram.add_person(name, id=number, language_code=language) for name, number in ids)
    stranger = telegram.add_person(names.stranger, language_code=language)
    group = telegram.add_group(names.group, [first, boris, vera], announce=True)
    forum = telegram.add_group(names.forum, [first, boris], forum=True, announce=True)
    for topic in names.topics:
        telegram.add_topic(first, forum, topic)
    return Team((boris, vera, stranger), group, forum)
