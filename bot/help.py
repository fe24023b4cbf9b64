"""/start and /help: what the bot does, in one message whose topics open by presses."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.cards import Action, Button, Card, Press, Style, lines
from bot.texts import Html, Texts


class Topic(StrEnum):
    """What does a person want to know?"""

    SEND = "send"
    GROUPS = "groups"
    COST = "cost"
    WORDS = "words"
    RESULTS = "results"
    SETTINGS = "settings"
    ADMIN = "admin"
    """What only the bot's admins can do; shown to them in private."""


MENU = "menu"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the help says about this bot."""

    username: str
    retention_days: int
    price_per_1000: Decimal | None
    currency: str


def start(texts: Texts) -> Card:
    """Draw what a newcomer reads first."""
    sample = Button(texts.plain("button-sample"), Press(Action.SAMPLE, "").pack(), Style.PRIMARY)
    return Card(texts.say("start"), ((sample,), (Button(texts.plain("button-help"), _data(MENU)),)))


def menu(facts: Facts, texts: Texts, *, for_admin: bool) -> Card:
    """Draw how to begin, and a button for each topic."""
    topics = [topic for topic in Topic if for_admin or topic is not Topic.ADMIN]
    rows = tuple((Button(texts.plain(f"button-help-{topic}"), _data(topic)),) for topic in topics)
    return Card(texts.say("help", bot=facts.username), rows)


def about(topic: Topic, facts: Facts, texts: Texts) -> Card:
    """Draw one topic, and the way back."""
    back = Button(texts.plain("button-back"), _data(MENU))
    return Card(_said(topic, facts, texts), ((back,),))


def _said(topic: Topic, facts: Facts, texts: Texts) -> Html:
    if topic is Topic.COST:
        price = facts.price_per_1000
        costs = None if price is None else texts.say("help-price", price=texts.money(price, facts.currency))
        return lines(texts.say("help-cost-title"), costs, texts.say("help-cost"))
    if topic is Topic.RESULTS:
        return lines(texts.say("help-results"), texts.say("help-kept", count=facts.retention_days))
    words = {"bot": facts.username} if topic is Topic.GROUPS else {}
    return texts.say(f"help-{topic}", **words)


def _data(topic: str) -> str:
    return Press(Action.HELP, topic).pack()
