"""The preview: what was understood, what it will cost, and the buttons that decide."""

from dataclasses import dataclass
from decimal import Decimal

from bot.cards import NAME_UNITS, Action, Button, Card, Press, lines, short
from bot.column_cards import column_buttons, columns_read, other_columns, other_columns_button
from bot.job import CONTACTS, Asks, Beginning, Failure, Job, JobState
from bot.known import MOST_DAYS
from bot.masking import mask_name, mask_piece
from bot.numbers import Reading, Reason, Rejected
from bot.offers import checks, said_of_known
from bot.texts import MOMENT_SECONDS, Html, Texts, flag

LISTED_COUNTRIES = 3
LISTED_REJECTED = 5
COUNTRY_COLUMNS = 2
SAYS_WHY = frozenset({Asks.QUOTA, Asks.RIGHT, Asks.STOPPED})
"""Why a list waits for its press though others do not, where nothing else on its preview says it."""
MORE_COUNTRIES = (
    *("RU", "UA", "KZ", "BY", "UZ", "KG", "TJ", "AM", "AZ", "GE", "MD", "TR"),
    *("US", "GB", "DE", "FR", "ES", "IT", "PL", "IN", "ID", "BR", "AE", "IL"),
)
"""What "Other" shows: countries with many Telegram users. Every other one is named by /country."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a check costs and how long it takes, as far as it is known."""

    price_per_1000: Decimal | None
    currency: str
    pace: float
    """Numbers a second."""
    minimum: int | None
    """The smallest list that the API is known to take."""

    def cost(self, count: int) -> Decimal | None:
        """Give the price of so many numbers; None where nobody named one, or where it is nothing."""
        return self.price_per_1000 * count / 1000 if self.price_per_1000 else None

    def seconds(self, count: int) -> float:
        """Give the likely time for so many numbers."""
        return count / self.pace


@dataclass(frozen=True, slots=True)
class SameList:
    """What the chat knows of the same numbers from other jobs."""

    checked: Job | None = None
    """The latest one whose result is kept."""
    under_way: Job | None = None
    """The latest one that was pressed and has no result yet."""


NOTHING_SAME = SameList()


def name_of(job: Job, texts: Texts) -> str:
    """Name the list, short enough for a card; a phone number in its name is hidden from a group."""
    if job.forgotten_at is not None:
        return texts.plain("forgotten")
    if job.name == CONTACTS:
        return texts.plain("contacts")
    return shown_in(job, job.name or "") or texts.plain("pasted")


def starter_of(job: Job) -> str:
    """Name who started the job, as the group may read it."""
    return shown_in(job, job.starter_name)


def titled(job: Job, texts: Texts) -> str:
    """Name the list, and in a group also who started it: many lists are under way there."""
    return name_of(job, texts) if job.chat_id > 0 else f"{name_of(job, texts)} · {starter_of(job)}"


def shown_in(job: Job, words: str, most: int = NAME_UNITS) -> str:
    """Cut a foreign string for a card of the job, and hide phone numbers in it from a group."""
    return short(words, most) if job.chat_id > 0 else mask_name(short(words, most))


def reason_of(reason: Reason, region: str | None, texts: Texts) -> str:
    """Say why a line is rejected, naming the country where it is known and matters."""
    sentence = f"reason-{reason.replace('_', '-')}"
    if region and reason in {Reason.TOO_SHORT, Reason.TOO_LONG, Reason.NOT_VALID_IN_COUNTRY}:
        return texts.plain(f"{sentence}-in", country=texts.country(region))
    return texts.plain(sentence)


def preview(  # noqa: PLR0913  (all that a preview says)
    job: Job,
    reading: Reading,
    terms: Terms,
    texts: Texts,
    *,
    adding: bool,
    same: SameList = NOTHING_SAME,
    days: int = MOST_DAYS,
    beginning: Beginning | None = None,
) -> Card:
    """Draw the preview of a list that was read.

    Args:
        job: A job in ``confirming``.
        reading: What was read.
        terms: Price and pace.
        texts: The starter's language.
        adding: The bot waits for more numbers for this list right now.
        same: What is known of the same numbers.
        days: For how many days what was found counts.
        beginning: How it stands with beginning by itself, where its chat lets short lists.
    """
    begins = beginning is not None and beginning.begins_at is not None
    rejected = reading.rejected - reading.without_country
    asks = asks_country(job, reading)
    text = lines(
        texts.say("title", name=name_of(job, texts), starter=starter_of(job)),
        _question(job, terms, texts),
        counted(reading, texts),
        *columns_read(job, reading, texts),
        _aside(reading, rejected, texts),
        _rejected(job, reading.first_rejected, rejected, texts),
        texts.say("preview-which-country", count=reading.without_country) if asks else None,
        texts.say("preview-other-country") if asks and job.choosing_country else None,
        texts.say("preview-left-out", count=reading.without_country)
        if reading.without_country and job.left_out
        else None,
        texts.say("preview-region", country=texts.flagged(job.region)) if job.region else None,
        *_same(same, texts),
        _minimum(reading, job, terms, texts),
        *_prices(job, reading, terms, texts, days, before=same.checked, begins=begins),
        texts.say("preview-begins") if begins else None,
        _why_asked(job, beginning, texts),
        texts.say("preview-adding") if adding else None,
    )
    if begins:
        pair = ("button-wait", Action.WAIT), ("button-cancel", Action.CANCEL)
        return Card(text, (tuple(Button(texts.plain(label), Press(what, job.token).pack()) for label, what in pair),))
    if job.choosing_column and other_columns(reading):
        return Card(lines(text, texts.say("preview-which-column")), column_buttons(job, reading, texts))
    return Card(text, _buttons(job, reading, rejected, terms, texts, same))


def _why_asked(job: Job, beginning: Beginning | None, texts: Texts) -> Html | None:
    if beginning is None or beginning.asks not in SAYS_WHY:
        return None
    return texts.say(f"preview-asks-{beginning.asks}", starter=starter_of(job))


def when_checked(job: Job) -> float:
    """Give the time at which a job's result came."""
    return job.finished_at or job.state_since


def _same(same: SameList, texts: Texts) -> list[Html]:
    """Say that these numbers were checked before, or are being checked."""
    said = []
    if same.under_way is not None:
        unsure = same.under_way.state is JobState.UNSURE
        sentence = "preview-same-unsure" if unsure else "preview-same-under-way"
        said.append(texts.say(sentence, name=name_of(same.under_way, texts), starter=starter_of(same.under_way)))
    if (before := same.checked) is not None:
        found = texts.say("jobs-result", yes=before.yes, no=before.no, undetermined=before.undetermined)
        date, starter = texts.day_there(when_checked(before)), starter_of(before)
        said.append(texts.say("preview-same-checked", date=date, starter=starter, found=found))
    return said


def asks_country(job: Job, reading: Reading) -> bool:
    """Say whether the person still has to say which country some numbers are from."""
    return reading.without_country > 0 and not job.left_out


def _question(job: Job, terms: Terms, texts: Texts) -> Html | None:
    """Say why the person is asked once more."""
    if job.failure is Failure.TOO_SMALL:
        if terms.minimum is None:
            return texts.say("preview-too-small-unknown")
        return texts.say("preview-too-small", minimum=terms.minimum)
    if job.failure in {Failure.WAITED_TOO_LONG, Failure.TRIES_USED_UP, Failure.RESTORED}:
        return texts.say(f"preview-{job.failure}")
    return None


def counted(reading: Reading, texts: Texts) -> Html:
    """Say how many numbers there are, and from where."""
    if not reading.valid:
        return texts.say("preview-none")
    # One more country takes less room by its name than by its number.
    shown = LISTED_COUNTRIES + (reading.country_count == LISTED_COUNTRIES + 1)
    named = [
        f"{flag(region) or texts.country(region)} {texts.number(count)}" for region, count in reading.countries[:shown]
    ]
    if reading.country_count == 1:
        named = [texts.flagged(reading.countries[0][0])]
    unnamed = reading.country_count - min(len(reading.countries), shown)
    if unnamed > 0:
        named.append(texts.plain("preview-more-countries", count=unnamed))
    return texts.say("preview-countries", count=reading.valid, countries=" · ".join(named))


def _aside(reading: Reading, rejected: int, texts: Texts) -> Html:
    parts = []
    if reading.repeated:
        parts.append(texts.say("preview-repeated", count=reading.repeated))
    if rejected:
        parts.append(texts.say("preview-rejected", count=rejected))
    return Html(" · ".join(parts))


def _rejected(job: Job, first: tuple[Rejected, ...], rejected: int, texts: Texts) -> Html | None:
    if not first:
        return None
    hide = mask_piece if job.chat_id < 0 else str
    said: list[str] = [
        texts.say(
            "preview-rejected-line",
            line=one.line,
            text=hide(short(one.text, 24)),
            reason=reason_of(one.reason, one.region, texts),
        )
        for one in first[:LISTED_REJECTED]
    ]
    if rejected > len(said):
        said.append(texts.say("preview-rejected-more", count=rejected - len(said)))
    return Html(f"<blockquote expandable>{lines(*said)}</blockquote>")


def _minimum(reading: Reading, job: Job, terms: Terms, texts: Texts) -> Html | None:
    if job.failure is Failure.TOO_SMALL or terms.minimum is None or not 0 < reading.valid < terms.minimum:
        return None
    return texts.say("preview-minimum", count=reading.valid, minimum=terms.minimum)


def _prices(  # noqa: PLR0913  (what the prices depend on)
    job: Job, reading: Reading, terms: Terms, texts: Texts, days: int, *, before: Job | None, begins: bool
) -> tuple[Html | None, ...]:
    if job.known:
        return said_of_known(job, reading.valid, terms, texts, days=days, before=before)
    return (_price(reading, terms, texts, begins=begins) if reading.valid else None,)


def _price(reading: Reading, terms: Terms, texts: Texts, *, begins: bool) -> Html:
    seconds, cost = terms.seconds(reading.valid), terms.cost(reading.valid)
    words = {} if cost is None else texts.price(cost, terms.currency)
    if begins:
        return texts.say(f"preview-begins-{'price' if words else 'time'}", time=texts.duration(seconds), **words)
    sentence = "preview" if cost is None else "preview-price-and"
    if seconds < MOMENT_SECONDS:
        return texts.say(f"{sentence}-moment", **words)
    return texts.say(f"{sentence}-time", time=texts.duration(seconds), **words)


def _buttons(
    job: Job, reading: Reading, rejected: int, terms: Terms, texts: Texts, same: SameList
) -> tuple[tuple[Button, ...], ...]:
    def press(action: Action, word: str = "") -> str:
        return Press(action, job.token, word).pack()

    rows: list[tuple[Button, ...]] = []
    if reading.valid:
        rows += checks(job, reading.valid, terms, texts, before=same.checked)
    if same.checked is not None:
        label = texts.plain("button-result-of", date=texts.short_day(when_checked(same.checked)))
        rows.append((Button(label, Press(Action.FILE, same.checked.token).pack()),))
    if asks_country(job, reading):
        rows += _countries(job, reading, texts, press(Action.REGION))
    if other_columns(reading):
        rows.append((other_columns_button(job, texts),))
    if rejected > LISTED_REJECTED or rejected > len(reading.first_rejected):
        rows.append((Button(texts.plain("button-rejected", count=rejected), press(Action.REJECTED)),))
    add = Button(texts.plain("button-add"), press(Action.ADD))
    return (*rows, (add, Button(texts.plain("button-cancel"), press(Action.CANCEL))))


def _countries(job: Job, reading: Reading, texts: Texts, data: str) -> list[tuple[Button, ...]]:
    """Ask for the country: the likely ones, or many more, and the way out."""
    regions = MORE_COUNTRIES if job.choosing_country else reading.likely
    buttons = [Button(f"{flag(region)} {texts.country(region)}", data + region) for region in regions]
    columns = COUNTRY_COLUMNS + 1 if job.choosing_country else COUNTRY_COLUMNS
    rows = [tuple(buttons[at : at + columns]) for at in range(0, len(buttons), columns)]
    turn = (
        Button(texts.plain("button-back"), Press(Action.FEWER_COUNTRIES, job.token).pack())
        if job.choosing_country
        else Button(texts.plain("button-other"), Press(Action.MORE_COUNTRIES, job.token).pack())
    )
    leave = Button(texts.plain("button-leave-out"), Press(Action.LEAVE_OUT, job.token).pack())
    return [*rows, (turn, leave)]
