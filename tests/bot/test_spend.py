"""What was spent, summed up, said and written down."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.preview import Terms
from bot.quotas import Quota, Scope, Span, Used
from bot.spend import LISTED, Charge, Line, month_name, month_named, spend_card, sum_up, write_spend
from bot.texts import load_texts
from tests.fakes import LONG_NAME, MOST, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
TERMS = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
FREE = Terms(None, "USD", pace=12.0, minimum=None)


def charge(numbers: int, **changed: Any) -> Charge:
    values: dict[str, Any] = {"chat_id": -100, "title": "Team", "person_id": 11, "name": "Anna"}
    return Charge(**(values | {"numbers": numbers, "is_sure": True, "amount": None} | changed))


def card(*charges: Charge, terms: Terms = TERMS, everywhere: bool = True, **more: Any) -> str:
    return seen(spend_card(sum_up(charges, terms), NOVEMBER, EN, more.get("used", ()), everywhere=everywhere).text)


def test_charges_are_summed_up_by_person_and_chat_the_largest_first() -> None:
    private = charge(500, chat_id=11, title=None)
    boris = charge(2_000, person_id=12, name="Boris")
    assert card(charge(1_000), private, boris, charge(3_000)) == (
        "November 2026 · all chats\n"
        "6,500 numbers · 4 checks · $0.98\n"
        "1. Anna · Team: 4,000 numbers · 2 checks · $0.60\n"
        "2. Boris · Team: 2,000 numbers · 1 check · $0.30\n"
        "3. Anna · private chat: 500 numbers · 1 check · $0.08"
    )


def test_a_group_reads_of_itself_only_and_is_not_told_its_own_name() -> None:
    assert card(charge(1), everywhere=False) == (
        "November 2026 · this group\n"
        "1 number · 1 check · less than $0.01\n"
        "1. Anna: 1 number · 1 check · less than $0.01"
    )


def test_the_apis_own_amount_wins_over_the_price_of_the_settings() -> None:
    (line,) = sum_up([charge(1_000, amount="0.20 USD"), charge(1_000)], TERMS)
    assert line.cost == Decimal("0.35")
    (line,) = sum_up([charge(1_000, amount="0.20 USD")], FREE)
    assert line.cost == Decimal("0.20")


@pytest.mark.parametrize("amount", ["", "a lot USD", "None"])
def test_an_amount_that_says_nothing_is_no_amount(amount: str) -> None:
    (line,) = sum_up([charge(1_000, amount=amount)], TERMS)
    assert line.cost == Decimal("0.15")


def test_an_amount_is_not_taken_for_what_only_may_have_been_charged() -> None:
    (line,) = sum_up([charge(1_000, amount="9 USD", is_sure=False)], TERMS)
    assert (line.cost, line.unsure) == (Decimal("0.15"), 1_000)


def test_what_may_have_been_charged_is_said() -> None:
    said = card(charge(1_000), charge(500, is_sure=False))
    assert "1,500 numbers · 2 checks" in said
    assert "Of these, 500 may have been charged: nobody knows." in said


def test_several_currencies_are_not_added_to_each_other() -> None:
    said = card(charge(1_000, amount="1 EUR"), charge(1_000))
    assert "2,000 numbers · 2 checks · €1.00 · $0.15" in said
    assert said.count("Anna · Team") == 2


def test_without_any_price_no_money_is_said() -> None:
    assert card(charge(1_000), terms=FREE).endswith("1. Anna · Team: 1,000 numbers · 1 check")


def test_whose_name_is_not_known_is_called_by_their_id() -> None:
    assert "1. person 11 · chat -100: 5 numbers" in card(charge(5, name=None, title=None))


def test_the_first_ten_are_listed_and_the_file_has_all() -> None:
    many = [charge(100 + at, person_id=at, name=f"P{at}") for at in range(1, LISTED + 3)]
    said = card(*many)
    assert f"{LISTED}. P3 · Team" in said
    assert f"{LISTED + 1}." not in said
    assert said.endswith("… and 2 more in the file")


def test_where_nothing_was_checked_that_is_said_and_there_is_no_file() -> None:
    empty = spend_card((), NOVEMBER, RU, [], everywhere=False)
    assert seen(empty.text) == "Траты, ноябрь 2026\u202fг. · эта группа\nПока ничего не проверяли."
    assert empty.rows == ()


def test_the_quotas_that_are_in_force_are_told() -> None:
    used = [(Quota(Scope.CHAT, Span.DAY, 10_000), Used(3_000, 500))]
    assert "\nToday: 3,500 of 10,000, 500 of them in the queue\n" in card(charge(1), used=used)
    assert card(used=used).endswith("Today: 3,500 of 10,000, 500 of them in the queue")


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_the_longest_card_fits_into_a_message(texts: Any) -> None:
    many = [charge(MOST, person_id=at, name=LONG_NAME, title=LONG_NAME, is_sure=at > 5) for at in range(LISTED + 5)]
    used = [(Quota(Scope.ALL, span, MOST), Used(MOST, MOST)) for span in Span]
    drawn = spend_card(sum_up(many, TERMS), NOVEMBER, texts, used, everywhere=True)
    assert units(drawn.text) <= 4096
    assert "<b>&amp;" not in drawn.text


def test_the_file_has_a_row_for_each_person_in_each_chat_and_no_formula() -> None:
    stream = io.BytesIO()
    spent = [
        *sum_up([charge(1_000, name='=HYPERLINK("x")', title="=1+1"), charge(5, is_sure=False, chat_id=11)], TERMS),
        Line(-100, None, 12, None, 7, 1, 0, None, "USD"),
    ]
    write_spend(stream, spent, NOVEMBER, EN)
    sheet = load_workbook(stream)["2026-11"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (
        *("Chat", "Chat id", "Person", "Person id", "Numbers sent", "Checks", "May have been charged"),
        *("Cost", "Currency"),
    )
    assert rows[1:] == [
        ("=1+1", "-100", '=HYPERLINK("x")', "11", 1_000, 1, 0, 0.15, "USD"),
        ("private chat", "11", "Anna", "11", 5, 1, 5, 0.00075, "USD"),
        ("chat -100", "-100", None, "12", 7, 1, 0, None, None),
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_month_is_named_and_found_again() -> None:
    assert month_name(NOVEMBER) == "2026-11"
    assert month_named("2026-11") == NOVEMBER


@pytest.mark.parametrize("name", ["", "2026", "2026-13", "2026-1", "26-11", "2026-11-01", "٢٠٢٦-١١", " 2026-11", "x"])
def test_what_is_no_month_is_none(name: str) -> None:
    assert month_named(name) is None
