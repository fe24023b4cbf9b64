"""What the preview says of a list's tables: which column is read, and the buttons that choose another."""

from html import escape

from bot.cards import Action, Button, Press, short
from bot.job import Job
from bot.masking import mask_name
from bot.packing import Offered, Reading, TableRead
from bot.texts import Html, Texts

HEAD_UNITS = 40
"""Of a column's and a sheet's name."""
LABEL_UNITS = 20
"""Of a column's name on a button."""
OFFERED = 8
LETTERS = 26


def letters(column: int) -> str:
    """Name a column as spreadsheets do: A, Z, AA."""
    named = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        named = chr(ord("A") + rest) + named
    return named


def columns_read(job: Job, reading: Reading, texts: Texts) -> list[Html]:
    """Say which column of each table was read."""
    return [_read(job, table, texts) for table in reading.tables]


def other_columns(reading: Reading) -> tuple[Offered, ...]:
    """Give the columns that may be read in place of those that are: of several tables some of each."""
    share = OFFERED // max(1, len(reading.tables))
    return tuple(one for table in reading.tables for one in table.others[:share])


def other_columns_button(job: Job, texts: Texts) -> Button:
    """Offer another column."""
    return Button(texts.plain("button-other-column"), Press(Action.OTHER_COLUMNS, job.token).pack())


def column_buttons(job: Job, reading: Reading, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """Let a person choose one of the other columns, or go back."""
    rows = [
        (Button(_label(job, one, texts), Press(Action.COLUMN, job.token, one.word).pack()),)
        for one in other_columns(reading)
    ]
    return (*rows, (Button(texts.plain("button-back"), Press(Action.COLUMN, job.token).pack()),))


def _read(job: Job, table: TableRead, texts: Texts) -> Html:
    one = table.chosen
    assert one is not None  # noqa: S101  (``summarise`` keeps only tables with a column)
    head, letter = escape(_shown(job, one.head, HEAD_UNITS), quote=False), letters(one.column)
    column = Html(f"<b>{head}</b> ({letter})" if head else f"<b>{letter}</b>")
    if one.sheet_name:
        sheet = _shown(job, one.sheet_name, HEAD_UNITS)
        return texts.say("preview-column-of-sheet", column=column, sheet=sheet, count=table.rows)
    return texts.say("preview-column", column=column, count=table.rows)


def _label(job: Job, one: Offered, texts: Texts) -> str:
    letter = letters(one.column)
    named = f"{_shown(job, one.head, LABEL_UNITS)} ({letter})" if one.head else letter
    if one.sheet_name:
        named = f"{_shown(job, one.sheet_name, LABEL_UNITS)}: {named}"
    return f"{named} · {texts.number(one.count)}"


def _shown(job: Job, words: str, most: int) -> str:
    """Cut a table's own word for a card, and hide phone numbers in it from a group."""
    return short(words, most) if job.chat_id > 0 else mask_name(short(words, most))
