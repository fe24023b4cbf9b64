import pytest

from bot.number_list import Invalid, Reason
from bot.phone_library import Found, by_library, country_of


@pytest.mark.parametrize(
    ("text", "region", "said"),
    [
        ("+79123456789", None, Found("+79123456789", "RU", 7)),
        ("89123456789", "RU", Found("+79123456789", "RU", 7)),
        ("+80012345678", None, Found("+80012345678", "001", 800)),
        ("+39612345678", None, Invalid(Reason.DAMAGED, "IT")),
        ("+7", None, Invalid(Reason.NOT_A_NUMBER)),
        ("+0123456", None, Invalid(Reason.NO_SUCH_COUNTRY_CODE)),
        ("+800123", None, Invalid(Reason.TOO_SHORT)),
        ("12", "RU", Invalid(Reason.TOO_SHORT, "RU")),
    ],
)
def test_an_answer_of_the_library_is_a_number_or_a_reason(text: str, region: str | None, said: Found | Invalid) -> None:
    assert by_library(text, region) == said


@pytest.mark.parametrize(("code", "region"), [(7, "RU"), (1, "US"), (44, "GB"), (800, None), (999, None)])
def test_a_code_has_a_main_country_or_none(code: int, region: str | None) -> None:
    assert country_of(code) == region
