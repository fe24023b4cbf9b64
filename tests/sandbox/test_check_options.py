from decimal import Decimal
from typing import Any

import pytest

from sandbox.check_options import CheckOptions, WrongOptionError


@pytest.mark.parametrize(
    "wrong",
    [
        {"numbers_per_second": 0},
        {"fraction_digits": 2},
        {"fraction_digits": 10},
        {"share_yes": 1.5},
        {"share_undetermined": -0.1},
        {"words": ("yes",)},
        {"submit_shape": "long"},
        {"minimum": "500"},
        {"shuffled": "no"},
    ],
)
def test_a_wrong_value_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongOptionError):
        CheckOptions(**wrong)


def test_money_is_exact_however_it_was_given() -> None:
    assert CheckOptions(balance=20.08).balance == Decimal("20.08")  # type: ignore[arg-type]
    assert CheckOptions(balance="3").balance == Decimal(3)  # type: ignore[arg-type]


def test_no_minimum_may_be_said_as_none() -> None:
    assert CheckOptions(minimum=None).minimum == 0  # type: ignore[arg-type]


def test_the_options_can_be_shown_as_json_and_given_back() -> None:
    options = CheckOptions(balance=Decimal("1.5"), words=(1, 0))
    assert CheckOptions(**options.as_json()) == options
