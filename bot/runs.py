"""A run of digits and the signs between them -> the single numbers in it."""

import re
from collections.abc import Iterable, Iterator

_Span = tuple[int, int]

_TOKEN = re.compile(r"[^ ]+")
_DIGITS = re.compile(r"[0-9]+")
_BREAK = re.compile(r" {3,}|\. +| {1,2}/ +|(?<=[0-9]{7})/|/(?=\+)|(?<=[0-9]) *(?=\+)| - (?=\+|[0-9]{9})")
_DATE = re.compile(
    r"[0-3]?[0-9]\.[01]?[0-9]\.(?:[0-9]{2}|[0-9]{4})|[0-3]?[0-9]([/-])[01]?[0-9]\1(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}([-./])[01]?[0-9]\2[0-3]?[0-9]"
)
_PRICE = re.compile(r"[0-9]{1,6}\.[0-9]{1,2}|[0-9]{1,3}(?: [0-9]{3})+\.[0-9]{2}")
_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?")
_CODED = re.compile(r"[(\[]*(?:\+|00)")
_WHOLE = 11
"""So many digits in one go are a number by themselves."""
_NEARLY_WHOLE = 9
"""So many take no more than a country code before them, and nothing after them."""
_FEWEST, _MOST = 7, 15
_WORTH_LOOKING = 5
_LONGEST_CODE = 3
_LONGEST_SHAPE = 64
"""So many tokens without one that is a number by itself are looked at for a shape that comes again."""
_COUNTED = re.compile(r"[0-9]{1,5}\)")
"""In "1) 912..." the list counts its own lines."""


def split_run(run: str, *, words: bool) -> Iterator[_Span]:
    """Give where the numbers in a run begin and end.

    ``words`` tells that there are words on the line, so that something like 10.0.0.1 is taken for an address.
    Dates and prices are left out. Digits in no order that a number could have stay together, as one.
    """
    if _PRICE.fullmatch(run.strip()):
        return
    at = 0
    for match in _BREAK.finditer(run):
        yield from _split_part(run, at, match.start(), words=words)
        at = match.end()
    yield from _split_part(run, at, len(run), words=words)


def _split_part(run: str, start: int, end: int, *, words: bool) -> Iterator[_Span]:
    if end - start < _WORTH_LOOKING:
        return
    for group_start, group_end in _groups(run, _tokens(run, start, end, words=words)):
        trimmed = _trimmed(run, group_start, group_end)
        if trimmed is not None:
            yield trimmed


def _tokens(run: str, start: int, end: int, *, words: bool) -> Iterator[_Span]:
    open_brackets = 0
    for match in _TOKEN.finditer(run, start, end):
        token, at = match[0], match.start()
        if _DATE.fullmatch(token) or (words and _ADDRESS.fullmatch(token) and not _has_plus(run, start, at)):
            continue
        counted = _COUNTED.match(token) if not open_brackets else None
        open_brackets = max(0, open_brackets + token.count("(") - token.count(")"))
        if counted is not None and at + counted.end() < end:
            at += counted.end()
        if at < match.end():
            yield at, match.end()


def _has_plus(run: str, start: int, at: int) -> bool:
    """Tell whether what begins there has a plus before it: no address has."""
    return run[max(start, at - 3) : at].rstrip().endswith("+")


def _groups(run: str, tokens: Iterable[_Span]) -> Iterator[_Span]:
    """Put together the tokens that are one number."""
    waiting: list[_Span] = []
    waiting_digits = 0
    for token in tokens:
        digits = _count(run, token)
        if not _stands_alone(run, token, digits):
            if len(waiting) > _LONGEST_SHAPE:  # no number and no list of numbers looks like this
                waiting[-1] = waiting[-1][0], token[1]
            else:
                waiting.append(token)
            waiting_digits += digits
            continue
        if waiting and _takes_code(run, waiting[0][0], waiting_digits, digits):
            yield waiting[0][0], token[1]
        else:
            yield from _by_shape(run, waiting)
            yield token
        waiting, waiting_digits = [], 0
    yield from _by_shape(run, waiting)


def _stands_alone(run: str, token: _Span, digits: int) -> bool:
    coded = _CODED.match(run, *token)
    if coded is not None:
        digits -= coded[0].count("0")
    if digits >= _WHOLE or digits < _NEARLY_WHOLE:
        return digits >= _WHOLE
    # "+7(912)345-67 89" goes on after the space; digits in one go do not, nor do ten without a code.
    solid = _DIGITS.fullmatch(run, coded.end() if coded else token[0], token[1]) is not None
    return solid or (digits > _NEARLY_WHOLE and coded is None)


def _takes_code(run: str, start: int, before: int, digits: int) -> bool:
    """Tell whether a long token belongs to the short ones before it: "+7 9123456789", "00 49 1711234567"."""
    coded = _CODED.match(run, start)
    if coded is not None:
        before -= coded[0].count("0")
    return before <= _LONGEST_CODE and (coded is not None or digits < _WHOLE)


def _by_shape(run: str, tokens: list[_Span]) -> Iterator[_Span]:
    """Cut "912 345 67 89 905 123 45 67", in which the same shape comes again, into its repetitions."""
    if not tokens:
        return
    sizes = [_count(run, token) for token in tokens]
    # Small groups of one size have no shape: "4276 1234 5678 9012" is a bank card.
    shaped = len(set(sizes)) > 1 or sizes[0] >= _FEWEST
    if shaped and sum(sizes) > _MOST and len(tokens) <= _LONGEST_SHAPE:
        for length in range(1, len(tokens) // 2 + 1):
            shape = sizes[:length]
            times = len(tokens) // length
            if _FEWEST <= sum(shape) <= _MOST and shape * times == sizes:
                for at in range(0, len(tokens), length):
                    yield tokens[at][0], tokens[at + length - 1][1]
                return
    yield tokens[0][0], tokens[-1][1]


def _count(run: str, token: _Span) -> int:
    return sum(map(len, _DIGITS.findall(run, *token)))


def _trimmed(run: str, start: int, end: int) -> _Span | None:
    """Leave out what stands around the number and is no part of it."""
    text = run[start:end]
    left = len(text) - len(text.lstrip(" -./)]["))
    right = len(text.rstrip(" -./([+"))
    if left >= right:
        return None
    text = text[left:right]
    if text.startswith("(") and ")" not in text:
        left += 1
    elif text.endswith(")") and "(" not in text:
        right -= 1
    return start + left, start + right
