"""How many numbers a list needs at least, read from the words in which the checking API refused it. Pure.

The minimum is different for each kind of check, changes, and for this one is published nowhere: the refusal is the only
place that tells it. Its wording is not fixed either, so several are understood.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_ROWS: Final = 10_000_000  # the API's own upper limit: what is above it is no minimum
_DEEPEST: Final = 4

_THOUSANDS = re.compile(r"(?<=\d)[,_'\u00a0\u202f](?=\d{3}(?!\d))")
_ABOUT_SIZE = re.compile(
    r"batch[ _-]?(?:size|too[ _-]?small)|too[ _-]?(?:small|few)\b|not[ _-]enough[ _-](?:numbers|rows)|"
    r"\bmin(?:imum)?[ _-](?:batch|list|size|count|numbers?|rows?|lines?)|insufficient[ _-](?:numbers|rows)"
)
_ABOUT_LARGE = re.compile(r"\bmax(?:imum)?(?![a-z])|too[ _-]?(?:large|big|many)|exceed|\bmore than|\bup to\b|at most")
# What stands between the word and its number, or after the number, when the sentence is about something else.
_OTHER_THING = re.compile(
    r"digit|char|byte|length|long|balance|amount|deposit|price|credit|version|second|minute|column"
)
_OTHER_UNIT = re.compile(r"\s*-?(?:digit|char|byte|[kmg]i?b\b|usd|\$|€|second|minute|hour|column|field|file|%)")
_ABOUT_LISTS = re.compile(
    r"batch|list|size|number|phone|rows?\b|lines?\b|record|entr(?:y|ies)|items?\b|\bmin(?:imum)?(?![a-z])"
)
_MUST_BE = re.compile(r"\b(?:must|should|has to|have to|needs? to|shall)\b(?!.*\b(?:not|n't|never)\b)")

_MINIMUM = (
    re.compile(r"\bbetween(?P<gap>\s+)(?P<number>\d+)\s+and\s+\d+"),
    re.compile(r"(?<!\d)(?P<number>\d+)(?P<gap>[^\d.;]{0,20}\s)(?:is|as|being)\s+the\s+min"),
    re.compile(
        r"(?:\bmin(?:imum)?(?![a-z])|\bat\s+least\b|\bno(?:t)?\s+(?:fewer|less)\s+than\b|>=|≥|\brequires?\b)"
        r"(?P<gap>\D{0,40}?)(?P<number>\d+)"
    ),
    re.compile(
        r"(?P<limit>\b(?:fewer|less|smaller|lower)\s+than\b|\bbelow\b|\bunder\b|<)(?P<gap>\D{0,40}?)(?P<number>\d+)"
    ),
    re.compile(r"(?<!\d)(?P<number>\d+)(?P<gap>\s+(?:(?:numbers?|rows?|lines?)\s+)?)(?:or more|required|needed)\b"),
)
_REMAINING = (
    re.compile(r"\bonly\s+(?P<number>\d+)\b"),
    re.compile(
        r"\b(?:got|given|received|provided|has|have|contains?|found|submitted|sent|supplied|actual|current(?:ly)?|count|"
        r"remaining|yours?)\b\D{0,15}?(?P<number>\d+)"
    ),
    re.compile(
        r"(?<!\d)(?P<number>\d+)\s+(?:[a-z]+\s+){0,2}(?:remain|left|provided|given|received|found|is below|is less)"
    ),
    re.compile(r"(?<!\d)(?P<number>\d+)\s*<\s*\d"),
)
_REMAINING_FIELDS = frozenset(
    {"remaining", "remain", "count", "valid", "valid_count", "compliant", "provided", "received", "actual", "current"}
)


@dataclass(frozen=True, slots=True)
class ListMinimum:
    """The list is too small. Both numbers are None where the refusal does not tell them."""

    minimum: int | None
    remaining: int | None


def find_list_minimum(texts: Sequence[str], body: object = None) -> ListMinimum | None:
    """Understand a refusal as "your list is too small", or give None where it says something else.

    Args:
        texts: every sentence and code word of the refusal.
        body: the decoded JSON, where there was any, for fields such as `min_batch_size`.
    """
    text = _THOUSANDS.sub("", " \n ".join(texts).casefold())[:10_000]
    fields = list(_numbers(body))
    minimum = next((number for name, number in fields if _names_minimum(name)), None) or _said_minimum(text)
    counts = [number for name, number in fields if name in _REMAINING_FIELDS]
    counts.extend(_said_remaining(text, minimum))
    # An answer may also count what was sent; what remained of it is what falls short.
    remaining = next((number for number in counts if minimum is None or number < minimum), None)
    about_size = bool(_ABOUT_SIZE.search(text)) and not _ABOUT_LARGE.search(text)
    falls_short = minimum is not None and (remaining is not None or not counts)
    return ListMinimum(minimum, remaining) if falls_short or about_size else None


def _names_minimum(name: str) -> bool:
    return bool(re.match(r"(?:required_)?min(?:imum)?(?![a-z])", name)) and not _OTHER_THING.search(name)


def _numbers(value: object, depth: int = 0) -> Iterator[tuple[str, int]]:
    """Give every field that holds a whole number that a list could have, with its name in small letters."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            word = str(name).casefold()
            if isinstance(inner, int) and not isinstance(inner, bool) and _possible(inner, word):
                yield word, inner
            elif isinstance(inner, str) and re.fullmatch(r"[0-9]{1,8}", inner) and _possible(int(inner), word):
                yield word, int(inner)
            else:
                yield from _numbers(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _numbers(inner, depth + 1)


def _possible(number: int, name: str) -> bool:
    # A list of one number cannot be too small: "at least 1" means that the API saw no number at all.
    return (2 if _names_minimum(name) else 0) <= number <= MOST_ROWS


def _said_minimum(text: str) -> int | None:
    if not _ABOUT_LISTS.search(text):
        return None
    for pattern in _MINIMUM:
        for match in pattern.finditer(text):
            if _OTHER_THING.search(match["gap"]) or _OTHER_UNIT.match(text, match.end("number")):
                continue
            if "limit" in match.groupdict() and _MUST_BE.search(text[max(0, match.start() - 30) : match.start()]):
                continue  # "must be less than 500" sets an upper limit
            number = int(match["number"][:9])
            if 1 < number <= MOST_ROWS:
                return number
    return None


def _said_remaining(text: str, minimum: int | None) -> Iterator[int]:
    for pattern in _REMAINING:
        for match in pattern.finditer(text):
            number = int(match["number"][:9])
            if number <= MOST_ROWS and number != minimum:
                yield number
