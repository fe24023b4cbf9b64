"""What was spent: by whom, in which chat, how many numbers and how much money; as a message and as a workbook."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from bot.cards import Action, Button, Card, Press, lines, short
from bot.preview import Terms
from bot.quotas import Quota, Used, quota_used
from bot.texts import Html, Texts
from bot.workbook import write_table

LISTED = 10
"""How many lines a message shows; the workbook has all."""
NAME_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Charge:
    """One submit that was charged or may have been."""

    chat_id: int
    title: str | None
    person_id: int
    """Who pressed."""
    name: str | None
    numbers: int
    is_sure: bool
    """The API has accepted it."""
    amount: str | None
    """What it costs by the API's own word, as ``0.74 USD``."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one person has spent in one chat."""

    chat_id: int
    title: str | None
    person_id: int
    name: str | None
    numbers: int
    checks: int
    unsure: int
    """How many of the numbers only may have been charged."""
    cost: Decimal | None
    currency: str


def sum_up(charges: Sequence[Charge], terms: Terms) -> tuple[Line, ...]:
    """Sum charges up by person, chat and currency, those with most numbers first.

    A charge costs what the API says, else what the settings say; None where neither names a price.
    """
    by_line: dict[tuple[int, int, str], list[tuple[Charge, Decimal | None]]] = defaultdict(list)
    for charge in charges:
        cost, currency = _cost(charge, terms)
        by_line[charge.chat_id, charge.person_id, currency].append((charge, cost))
    summed = (_line(currency, mine) for (_, _, currency), mine in by_line.items())
    return tuple(sorted(summed, key=lambda line: (-line.numbers, line.chat_id, line.person_id)))


def spend_card(
    spent: Sequence[Line], month: float, texts: Texts, used: Sequence[tuple[Quota, Used]], *, everywhere: bool
) -> Card:
    """Say what was spent in a month.

    Args:
        spent: The lines, the largest first.
        month: When it began, in seconds since 1970.
        texts: The language.
        used: The quotas that are in force here, and what is used of them.
        everywhere: Of all chats; else of the one that reads this.
    """
    where = texts.plain("spend-everywhere" if everywhere else "spend-here")
    title = texts.say("spend-title", month=texts.month(month), where=where)
    quotas = [quota_used(quota, one, texts) for quota, one in used]
    if not spent:
        return Card(lines(title, texts.say("spend-none"), *quotas))
    unsure = sum(line.unsure for line in spent)
    said = lines(
        title,
        Html(" · ".join(_total(spent, texts))),
        texts.say("spend-unsure", count=unsure) if unsure else None,
        *quotas,
        *(_said(number, line, texts, everywhere=everywhere) for number, line in enumerate(spent[:LISTED], 1)),
        texts.say("spend-more", count=len(spent) - LISTED) if len(spent) > LISTED else None,
    )
    as_file = Press(Action.SPEND, month_name(month)).pack()
    return Card(said, ((Button(texts.plain("button-spend-file"), as_file),),))


def write_spend(stream: BinaryIO, spent: Sequence[Line], month: float, texts: Texts) -> None:
    """Write the workbook: a row for each person in each chat."""
    heads = {
        texts.plain("sheet-chat"): 30,
        texts.plain("sheet-chat-id"): 18,
        texts.plain("sheet-person"): 30,
        texts.plain("sheet-person-id"): 18,
        texts.plain("sheet-sent"): 18,
        texts.plain("sheet-checks"): 12,
        texts.plain("sheet-unsure"): 28,
        texts.plain("sheet-cost"): 14,
        texts.plain("sheet-currency"): 10,
    }
    rows = [
        (
            _chat(line, texts),
            str(line.chat_id),
            line.name or "",
            str(line.person_id),
            line.numbers,
            line.checks,
            line.unsure,
            line.cost,
            "" if line.cost is None else line.currency,
        )
        for line in spent
    ]
    write_table(stream, month_name(month), heads, rows)


def month_name(month: float) -> str:
    """Name a month for a file and for a button: ``2026-11``."""
    return datetime.fromtimestamp(month, UTC).strftime("%Y-%m")


def month_named(name: str) -> float | None:
    """Give when the month began that a button names; None for what none of ours does."""
    try:
        month = datetime.strptime(name, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        return None
    return month.timestamp() if month_name(month.timestamp()) == name else None


def _cost(charge: Charge, terms: Terms) -> tuple[Decimal | None, str]:
    if charge.is_sure and charge.amount:
        amount, _, currency = charge.amount.partition(" ")
        try:
            return Decimal(amount), currency
        except InvalidOperation:
            pass
    return terms.cost(charge.numbers), terms.currency


def _line(currency: str, mine: Sequence[tuple[Charge, Decimal | None]]) -> Line:
    one = mine[0][0]
    costs = [cost for _, cost in mine if cost is not None]
    return Line(
        chat_id=one.chat_id,
        title=one.title,
        person_id=one.person_id,
        name=one.name,
        numbers=sum(charge.numbers for charge, _ in mine),
        checks=len(mine),
        unsure=sum(charge.numbers for charge, _ in mine if not charge.is_sure),
        cost=sum(costs, Decimal(0)) if costs else None,
        currency=currency,
    )


def _total(spent: Sequence[Line], texts: Texts) -> list[str]:
    """Sum all lines up: numbers, checks, and the money of each currency."""
    money: dict[str, Decimal] = defaultdict(Decimal)
    for line in spent:
        if line.cost is not None:
            money[line.currency] += line.cost
    return [
        texts.plain("number-of", count=sum(line.numbers for line in spent)),
        texts.plain("check-of", count=sum(line.checks for line in spent)),
        *(texts.money(cost, currency) for currency, cost in sorted(money.items())),
    ]


def _said(number: int, line: Line, texts: Texts, *, everywhere: bool) -> Html:
    name = short(line.name or "", NAME_CHARACTERS) or texts.plain("spend-nameless", person=str(line.person_id))
    where = f" · {short(_chat(line, texts), NAME_CHARACTERS)}" if everywhere else ""
    counts = [texts.plain("number-of", count=line.numbers), texts.plain("check-of", count=line.checks)]
    if line.cost is not None:
        counts.append(texts.money(line.cost, line.currency))
    return texts.say("spend-line", number=str(number), who=name + where, counts=" · ".join(counts))


def _chat(line: Line, texts: Texts) -> str:
    if line.chat_id > 0:
        return texts.plain("spend-private")
    return line.title or texts.plain("spend-untitled", chat=str(line.chat_id))
