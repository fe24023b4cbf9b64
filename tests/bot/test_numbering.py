"""Our reading of digits beside that of phonenumbers: every region, every kind of number, and what is nearly one."""

from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.number_list import Invalid, Reason
from bot.numbering import international, national, region_of
from bot.phone_library import Found, by_library
from tests.bot.adversarial import ANSWERS, answer, examples, in_short, inputs, said_of

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize("seed", range(3))
def test_adversarial_digits_are_read_as_the_library_reads_them(seed: int) -> None:
    asked = list(inputs(8_000, seed))
    different = [(one, answer(*one), said_of(*one)) for one in asked if answer(*one) != said_of(*one)]
    assert different[:10] == []
    # All regions and kinds are among them, and every way to be wrong.
    answers = [answer(*one) for one in asked]
    assert len({one.region for one in answers if isinstance(one, Found)}) > 230
    reasons = {one.reason for one in answers if isinstance(one, Invalid)}
    assert reasons == set(Reason) - {Reason.NEEDS_COUNTRY}


@given(st.text("0123456789", max_size=20), st.sampled_from([None, *REGIONS]))
def test_any_digits_are_read_as_the_library_reads_them(digits: str, region: str | None) -> None:
    assert answer(digits, region) == said_of(digits, region)


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_dials_as_the_library_says(region: str) -> None:
    own = [digits for code, one, digits in examples() if one == region]
    for digits in own:
        for dialled in (digits, f"0{digits}", f"8{digits}", f"1{digits}", f"00{digits}", f"{digits}0", digits[1:]):
            assert national(dialled, region) == by_library(dialled, region), dialled


def test_an_update_of_the_library_changes_no_answer_unnoticed() -> None:
    """Where this fails: ``make answers``, look at the difference, and commit it with the new version of the library."""
    kept = [line.split("\t") for line in Path(ANSWERS).read_text(encoding="ascii").splitlines()]
    assert len(kept) > 2_000
    changed = [
        (digits, region, before, now)
        for digits, region, before in kept
        if (now := in_short(said_of(digits, region or None))) != before
    ]
    assert changed == []


def test_what_is_no_number_in_e164_has_no_region() -> None:
    for sent in (
        "+",
        "",
        "+1",
        "+79",
        "+abc",
        "+7912345678٩",
        "+7912345678a",
        "+" + "7" * 30,
        "+0001234567",
        "79123456789",
    ):
        assert region_of(sent) is None, sent


@pytest.mark.parametrize(
    ("sent", "region"),
    [
        ("+79123456789", "RU"),
        ("+77012345678", "KZ"),
        ("+12425550143", None),
        ("+12423590143", "BS"),
        ("+80012345678", "001"),
    ],
)
def test_a_number_in_e164_is_known_at_once(sent: str, region: str | None) -> None:
    assert region_of(sent) == region


def test_a_prefix_that_is_taken_away_makes_it_another_number() -> None:
    assert region_of("+4402079460018") is None
    assert international("4402079460018") == Found("+442079460018", "GB", 44)
    assert national("0342 15 412-3456".replace(" ", "").replace("-", ""), "AR") == by_library("0342154123456", "AR")
