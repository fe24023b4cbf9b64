"""The table of countries as a message: which ones, how many numbers each, and how many of those are on Telegram.

It holds counts only, so a whole group may read it.
"""

import html
from collections.abc import Sequence

from bot.cards import Card, lines
from bot.countries import CountryCount
from bot.job import Job
from bot.preview import titled
from bot.texts import Html, Texts, flag

LISTED = 15
"""More than that is more than one screen; the workbook has all of them."""
ROW_CELLS = 28
"""A phone's line of letters of one width; a flag takes two, and longer lines would be broken."""
FLAG_CELLS = 2
LEAST_NAME = 8
UNKNOWN = "—"


def yes_rate(counts: CountryCount, texts: Texts, *, digits: int = 1) -> str:
    """Write which part is on Telegram; where nothing was determined that is not 0 %, but unknown."""
    if not counts.yes and not counts.no:
        return UNKNOWN
    return texts.percent(counts.yes, counts.count, digits=digits)


def country_table(job: Job, countries: Sequence[CountryCount], texts: Texts) -> Card:
    """Draw the table, most numbers first.

    Args:
        job: The list, for its name.
        countries: All its countries.
        texts: The language of who asks.
    """
    shown = countries[:LISTED]
    numbers = [texts.number(one.count) for one in shown]
    rates = [yes_rate(one, texts, digits=0) for one in shown]
    widest, widest_rate = max(map(len, numbers)), max(map(len, rates))
    room = max(ROW_CELLS - FLAG_CELLS - widest - widest_rate - 3, LEAST_NAME)
    rows = "\n".join(
        f"{flag(one.region) or ' ' * FLAG_CELLS} {_cut(texts.country(one.region), room):{room}}"
        f" {number:>{widest}} {rate:>{widest_rate}}"
        for one, number, rate in zip(shown, numbers, rates, strict=True)
    )
    left = len(countries) - len(shown)
    return Card(
        lines(
            texts.say("countries-title", name=titled(job, texts)),
            Html(f"<pre>{html.escape(rows, quote=False)}</pre>"),
            texts.say("countries-more", count=left) if left else None,
        )
    )


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
