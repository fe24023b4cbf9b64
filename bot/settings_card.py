"""The card of /settings: what a chat has set, one line each, and the choices behind each button.

Every button says what is to hold, never "the other one": pressed twice, or on a card that is old, it does no harm.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.cards import Action, Button, Card, Press, Style, in_pairs, lines, short
from bot.masking import mask_name
from bot.texts import LANGUAGES, Html, Texts

NAMED_SHOWN = 12
"""So many named members have a button by which they are taken off the list."""
ASK_ABOVE = (100, 500, 1000, 5000)
KEEP_DAYS = (1, 7, 30)
OFFERED_COUNTRIES = {"ru": ("RU", "KZ", "BY", "UA", "UZ", "KG"), "en": ("US", "GB", "IN", "DE", "AE", "RU")}
ALWAYS, EACH_TIME, ON, OFF = "always", "each-time", "on", "off"
WHO = ("everyone", "named", "admins")
RESULTS_TO = ("group", "starter")


class Topic(StrEnum):
    """What is it that is set?"""

    LANGUAGE = "lang"
    COUNTRY = "country"
    ASK = "ask"
    FORMAT = "format"
    PICTURE = "picture"
    KEEP = "keep"
    WHO = "who"
    TO = "to"
    FILES = "files"


OPEN, UNNAME = "open", "unname"
"""What else a button of the card does: it shows the choices of a topic, or takes a member off the list."""
HAS_CHOICES = frozenset(Topic) - {Topic.PICTURE, Topic.FILES}
"""What has more than two values, or needs a word about them: a card of its own shows the choices."""
IN_PRIVATE = (Topic.LANGUAGE, Topic.COUNTRY, Topic.ASK, Topic.FORMAT, Topic.PICTURE, Topic.KEEP)
IN_GROUPS = (*IN_PRIVATE[1:], Topic.WHO, Topic.TO, Topic.FILES)


@dataclass(frozen=True, slots=True)
class State:
    """What a chat has set, or what holds where it has set nothing."""

    in_group: bool
    bot: str
    """The bot's username."""
    region: str | None
    has_default_region: bool
    """Where the chat names no country, the bot's settings do: it is never asked each time."""
    file_format: str
    picture: bool
    days: int
    most_days: int
    ask_above: int | None
    asked_name: str
    """Who has said that short lists are not asked about."""
    asked_at: float
    who_spends: str
    results_to: str
    named: tuple[tuple[int, str], ...]
    """The members who may start checks, by id."""
    takes_files: bool
    sees_files: bool
    """The bot is an admin of the group."""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Give what can be set here."""
        if not self.in_group:
            return IN_PRIVATE
        return tuple(one for one in IN_GROUPS if one is not Topic.FILES or self.sees_files)


def main_card(state: State, texts: Texts) -> Card:
    """Draw everything that is set, and a button for each thing."""
    said = lines(
        texts.say("settings-title" if state.in_group else "settings-title-private"),
        *(line for topic in state.topics for line in _lines(topic, state, texts)),
        texts.say("settings-who-changes") if state.in_group else None,
    )
    return Card(said, in_pairs(*(_button(topic, state, texts) for topic in state.topics)))


def choices_card(topic: Topic, state: State, texts: Texts) -> Card:
    """Draw the choices of one thing that has them, the one that holds marked, and the way back."""
    by_name = topic is Topic.WHO and state.who_spends == "named"
    said = lines(
        *_lines(topic, state, texts),
        texts.say("settings-how-to-name", bot=state.bot) if by_name and state.named else None,
        texts.say(f"settings-how-{topic}", days=state.most_days),
    )
    rows = in_pairs(
        *(_choice(topic, word, label, chosen=chosen) for word, label, chosen in _choices(topic, state, texts))
    )
    if by_name:
        rows = (*rows, *((_unname(one, texts),) for one in state.named[:NAMED_SHOWN]))
    return Card(said, (*rows, (Button(texts.plain("button-back"), _data(OPEN, "")),)))


def said_plainly(topic: Topic, state: State, texts: Texts) -> str:
    """Say what holds now, as the answer to a press."""
    sentence, words = _sentence(topic, state, texts)
    return texts.plain(sentence, **words)


def _lines(topic: Topic, state: State, texts: Texts) -> list[Html | None]:
    sentence, words = _sentence(topic, state, texts)
    if topic is Topic.ASK and state.ask_above is not None:
        words = words | {"date": texts.day_there(state.asked_at)}
    said: list[Html | None] = [texts.say(sentence, **words)]
    if topic is Topic.WHO and state.who_spends == "named":
        more = ["…"] if len(state.named) > NAMED_SHOWN else []
        names = ", ".join([*(mask_name(short(name, 40)) for _, name in state.named[:NAMED_SHOWN]), *more])
        nobody = lines(texts.say("settings-nobody-named"), texts.say("settings-how-to-name", bot=state.bot))
        said.append(texts.say("settings-named", names=names) if names else nobody)
    return said


def _sentence(topic: Topic, state: State, texts: Texts) -> tuple[str, dict[str, object]]:
    """Give the sentence that says what holds, and its words."""
    alone = {
        Topic.LANGUAGE: "settings-language",
        Topic.PICTURE: f"settings-picture-{ON if state.picture else OFF}",
        Topic.FILES: f"settings-files-{ON if state.takes_files else OFF}",
        Topic.WHO: f"settings-spends-{state.who_spends}",
        Topic.TO: f"settings-results-{state.results_to}",
    }
    match topic:
        case Topic.COUNTRY if state.region is not None:
            return "settings-country", {"country": texts.flagged(state.region)}
        case Topic.COUNTRY:
            return "settings-country-asked", {}
        case Topic.ASK if state.ask_above is not None:
            name = short(state.asked_name, 40)
            name = mask_name(name) if state.in_group else name
            return "settings-unasked", {"count": state.ask_above, "name": name, "date": texts.day(state.asked_at)}
        case Topic.ASK:
            return "settings-asked", {}
        case Topic.FORMAT:
            return "settings-format", {"format": f".{state.file_format}"}
        case Topic.KEEP:
            return "settings-keep", {"count": state.days}
        case _:
            return alone[topic], {}


def _button(topic: Topic, state: State, texts: Texts) -> Button:
    """Draw the button of one thing: what has two values is set by it, all else opens its choices."""
    if topic not in HAS_CHOICES:
        word = OFF if (state.picture if topic is Topic.PICTURE else state.takes_files) else ON
        return Button(texts.plain(f"button-set-{topic}-{word}"), _data(topic, word))
    return Button(texts.plain(f"button-open-{topic}"), _data(OPEN, topic))


def _choices(topic: Topic, state: State, texts: Texts) -> list[tuple[str, str, bool]]:
    """Give for each choice what its button carries, what it is called, and whether it holds."""
    match topic:
        case Topic.LANGUAGE:
            names = {"en": texts.plain("button-english"), "ru": texts.plain("button-russian")}
            return [(one, names[one], one == texts.language) for one in LANGUAGES]
        case Topic.COUNTRY:
            offered = OFFERED_COUNTRIES[texts.language]
            regions = offered if state.region is None or state.region in offered else (state.region, *offered)
            said = [(one, texts.flagged(one), one == state.region) for one in regions]
            each = (EACH_TIME, texts.plain("button-ask-each-time"), state.region is None)
            return said if state.has_default_region else [*said, each]
        case Topic.ASK:
            above = [(str(one), texts.plain("button-set-ask", count=one), one == state.ask_above) for one in ASK_ABOVE]
            return [(ALWAYS, texts.plain("button-set-ask-always"), state.ask_above is None), *above]
        case Topic.FORMAT:
            return [(one, f".{one}", one == state.file_format) for one in ("txt", "xlsx", "csv")]
        case Topic.KEEP:
            days = sorted({*(one for one in KEEP_DAYS if one < state.most_days), state.most_days, state.days})
            return [(str(one), texts.plain("button-set-keep", count=one), one == state.days) for one in days]
        case Topic.WHO:
            return [(one, texts.plain(f"button-set-who-{one}"), one == state.who_spends) for one in WHO]
        case _:
            return [(one, texts.plain(f"button-set-to-{one}"), one == state.results_to) for one in RESULTS_TO]


def _unname(one: tuple[int, str], texts: Texts) -> Button:
    return Button(texts.plain("button-unname", name=mask_name(short(one[1], 40))), _data(UNNAME, str(one[0])))


def _choice(topic: Topic, word: str, label: str, *, chosen: bool) -> Button:
    return Button(f"✓ {label}" if chosen else label, _data(topic, word), Style.PRIMARY if chosen else None)


def _data(what: str, word: str) -> str:
    return Press(Action.SETTING, what, word).pack()
