"""Digits that are hard to read, for the comparison of our reading with that of phonenumbers.

``python -m tests.bot.adversarial`` (``make answers``) writes down anew what the library says of a few thousand numbers.
"""

import random
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumber

from bot.dialling import LONGEST_IDD, dialling
from bot.number_list import Invalid, Reason
from bot.numbering import international, national
from bot.phone_library import MOST_DIGITS, Found, by_library

ANSWERS = Path(__file__).parent / "answers.tsv"
"""Digits, the region they are dialled in, and what the library has said when this was written."""

SHARED = (1, 7, 39, 44, 47, 61, 212, 262, 290, 358, 590, 599)
"""Codes of several regions."""
NOBODYS = (800, 808, 870, 878, 881, 882, 883, 888, 979)
"""Codes of no country."""
DIALLED = ("0", "00", "1", "8", "80", "9", "15", "06", "01", "044", "0549", "183", "1411", "1520", "011", "810", "44")
"""What people write between a code and a number: national prefixes, carriers, the tokens of mobile numbers."""
KINDS = tuple(
    kind for name, kind in vars(phonenumbers.PhoneNumberType).items() if name.isupper() and isinstance(kind, int)
)

Input = tuple[str, str | None]
"""Digits, and the region they are dialled in; with None they begin with a country code."""


@lru_cache(maxsize=1)
def examples() -> tuple[tuple[int, str, str], ...]:
    """Give for every region and kind the library's own example: its code, its region, its national digits."""
    found: dict[tuple[int, str, str], None] = {}
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        for region in regions:
            for number in _examples_of(code, region):
                found[code, region, phonenumbers.national_significant_number(number)] = None
    return tuple(found)


def inputs(count: int, seed: int = 0) -> Iterator[Input]:
    """Give so many inputs, always the same for one seed."""
    dice = random.Random(seed)
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    every, shared = examples(), [one for one in examples() if one[0] in SHARED or one[0] in NOBODYS]
    for place in range(count):
        # Every example of every kind comes as it is, and then again and again in a thousand disguises.
        code, region, digits = every[place % len(every)] if place % 3 else dice.choice(shared)
        digits = _disguised(dice, code, digits) if place >= len(every) else digits
        if place % 4 == 3:
            abroad = "" if dice.random() < 0.6 else dice.choice(("00", "011", "810", "0011", "000", "0"))
            written = f"{abroad}{code if abroad or dice.random() < 0.5 else ''}{digits}"
            yield written or "0", region if region != "001" and dice.random() < 0.7 else dice.choice(regions)
        else:
            yield f"{dice.randrange(1000) if dice.random() < 0.03 else code}{digits}", None


def _disguised(dice: random.Random, code: int, digits: str) -> str:
    usual = len(digits)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        digits = dice.choice(_DISGUISES)(dice, code, digits)
    # What was put before it makes it too long, which is soon said; cut to its length again it is another number.
    return digits[:usual] if dice.random() < 0.4 else digits


def _other_digits(dice: random.Random, _code: int, digits: str) -> str:
    """Keep the beginning, as a list of one network's numbers does."""
    kept = dice.randint(0, len(digits))
    return digits[:kept] + "".join(dice.choices("0123456789", k=len(digits) - kept))


def _one_changed(dice: random.Random, _code: int, digits: str) -> str:
    at = dice.randrange(len(digits) + 1)
    return digits[:at] + dice.choice("0123456789") + digits[at + 1 :]


def _one_more(dice: random.Random, _code: int, digits: str) -> str:
    at = dice.randrange(len(digits) + 1)
    return digits[:at] + dice.choice("0123456789") + digits[at:]


def _fewer(dice: random.Random, _code: int, digits: str) -> str:
    return digits[: dice.randint(0, len(digits))]


def _first_lost(_dice: random.Random, _code: int, digits: str) -> str:
    return digits[1:]


def _longer(dice: random.Random, _code: int, digits: str) -> str:
    return digits + "".join(dice.choices("0123456789", k=dice.randint(1, 8)))


def _dialled(dice: random.Random, code: int, digits: str) -> str:
    return dice.choice((*DIALLED, *_prefixes(code))) + digits


def _mobile_token(dice: random.Random, _code: int, digits: str) -> str:
    """Put 15 after the area code, as Argentina does, or a 9 or a 1 before it."""
    at = dice.randint(2, 4)
    return dice.choice((f"{digits[:at]}15{digits[at:]}", f"0{digits[:at]}15{digits[at:]}", f"9{digits}", f"1{digits}"))


def _carrier(dice: random.Random, _code: int, digits: str) -> str:
    """Put a carrier before it, as Brazil and Colombia do."""
    return dice.choice(("0", "90", "")) + dice.choice(("12", "15", "21", "31", "41", "99", "3", "5", "444")) + digits


def _zeros(dice: random.Random, _code: int, digits: str) -> str:
    return "0" * dice.randint(1, 4) + digits


def _anything(dice: random.Random, _code: int, _digits: str) -> str:
    return "".join(dice.choices("0123456789", k=dice.randint(0, 16)))


_DISGUISES = (
    *(_other_digits, _other_digits, _other_digits, _one_changed, _one_changed, _one_more, _fewer, _first_lost),
    *(_longer, _dialled, _dialled, _mobile_token, _carrier, _zeros, _anything),
)


@cache
def _prefixes(code: int) -> Sequence[str]:
    region = phonenumbers.region_code_for_country_code(code)
    rules = dialling(region)
    metadata = PhoneMetadata.metadata_for_region(region)
    national = metadata.national_prefix if metadata is not None else None
    # Its own code once more: some write it twice, and the library takes it away only where that makes a number.
    return (national or "0", str(code), str(rules.code if rules else code))


def _examples_of(code: int, region: str) -> Iterator[PhoneNumber]:
    if region == "001":
        number = phonenumbers.example_number_for_non_geo_entity(code)
        if number is not None:
            yield number
        return
    for kind in KINDS:
        number = phonenumbers.example_number_for_type(region, kind)
        if number is not None:
            yield number
    wrong = phonenumbers.invalid_example_number(region)
    if wrong is not None:
        yield wrong


def answer(digits: str, region: str | None) -> Found | Invalid:
    """Give our answer."""
    return international(digits) if region is None else national(digits, region)


def said_of(digits: str, region: str | None) -> Found | Invalid:
    """Give the answer of the library, with the lengths from which on it is not asked."""
    if len(digits) > MOST_DIGITS + (2 if region is None else LONGEST_IDD):
        return Invalid(Reason.TOO_LONG, region)
    return by_library(digits if region else f"+{digits}", region)


def in_short(said: Found | Invalid) -> str:
    """Give an answer as it is written down."""
    if isinstance(said, Found):
        return f"{said.region} {said.e164} ({said.code})"
    return f"{said.region or '-'} {said.reason}"


def write_answers() -> None:
    """Write down what the library says of a few thousand numbers; those that were asked before are asked again."""
    asked = dict.fromkeys(tuple(line.split("\t")[:2]) for line in _kept())
    for place, (code, region, digits) in enumerate(examples()):
        wrong = f"{digits[:-1]}{place % 10}" if place % 2 else digits[: -(1 + place % 3)]
        for written, dialled in ((f"{code}{digits}", ""), (f"{code}{wrong}", ""), (f"0{digits}", region)):
            asked[written, "" if dialled == "001" else dialled] = None
    lines = (f"{digits}\t{region}\t{in_short(said_of(digits, region or None))}\n" for digits, region in asked)
    ANSWERS.write_text("".join(lines), encoding="ascii")


def _kept() -> list[str]:
    return ANSWERS.read_text(encoding="ascii").splitlines() if ANSWERS.exists() else []


if __name__ == "__main__":
    write_answers()
