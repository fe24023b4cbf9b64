"""The picture of a result: yes, no, undetermined, and the countries. Counts and the list's name, never a number."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.countries import CountryCount, together
from bot.country_table import yes_rate
from bot.job import Job
from bot.preview import titled, when_checked
from bot.texts import Html, Texts

SHOWN_COUNTRIES = 6
"""More would make it longer than a phone shows at once; the others are one row."""


@dataclass(frozen=True, slots=True)
class Share:
    """One verdict of all: its label, how many, and which part of the whole as it is written."""

    label: str
    count: int
    written: str
    percent: str


@dataclass(frozen=True, slots=True)
class Row:
    """A country: its name, its numbers and yes-rate as they are written, and its verdicts."""

    name: str
    numbers: str
    percent: str
    counts: CountryCount


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a picture says, in the words of one language."""

    title: str
    subtitle: str
    answer: str
    """The large percentage."""
    about: str
    """What that is the percentage of."""
    shares: tuple[Share, Share, Share]
    """Yes, no, undetermined."""
    heading: str
    rows: tuple[Row, ...]


def picture_of(job: Job, countries: Sequence[CountryCount], texts: Texts) -> Picture:
    """Say what the picture of a result says. A phone number in the list's name is hidden from a group.

    Args:
        job: A job whose result was understood.
        countries: Its verdicts by country, most numbers first.
        texts: The language.
    """
    whole = job.yes + job.no + job.undetermined
    shares = tuple(
        Share(texts.plain(f"picture-{label}"), count, texts.number(count), texts.percent(count, whole))
        for label, count in (("yes", job.yes), ("no", job.no), ("undetermined", job.undetermined))
    )
    yes, no, undetermined = shares
    known = job.yes + job.no > 0
    shown = countries[:SHOWN_COUNTRIES] if len(countries) > SHOWN_COUNTRIES + 1 else countries
    left = countries[len(shown) :]
    rows = [_row(texts.country(one.region), one, texts) for one in shown]
    if left:
        rows.append(_row(texts.plain("picture-others", count=len(left)), together(left), texts))
    counted = texts.plain("number-of", count=whole)
    return Picture(
        title=titled(job, texts),
        subtitle=f"{counted} · {texts.day(when_checked(job))}",
        answer=yes.percent if known else undetermined.percent,
        about=texts.plain("picture-on-telegram" if known else "picture-not-determined"),
        shares=(yes, no, undetermined),
        heading=texts.plain("picture-countries"),
        rows=tuple(rows),
    )


def caption(job: Job, texts: Texts) -> Html:
    """Say what stands under the picture."""
    whole = job.yes + job.no + job.undetermined
    return texts.say("picture-caption", name=titled(job, texts), percent=texts.percent(job.yes, whole))


def _row(name: str, counts: CountryCount, texts: Texts) -> Row:
    return Row(name, texts.number(counts.count), yes_rate(counts, texts), counts)


def draw(picture: Picture) -> bytes:
    """Draw it as a PNG: the same picture, the same bytes."""
    from bot.drawing import png  # noqa: PLC0415 - Pillow takes 5 MiB, and many bots never draw

    return png(picture)
