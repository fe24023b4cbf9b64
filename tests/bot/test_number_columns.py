"""Which column holds the numbers. Real tables, each with its column: test_table_workbook."""

import pytest

from bot.number_columns import find_number_columns, head_of, head_row, numbers_of
from bot.numbers import Column
from bot.sheets import Cell, Sheet

PHONES = [f"+7 912 345-67-{at}" for at in range(10, 20)]


def sheet(*columns: list[Cell], hidden: bool = False) -> Sheet:
    return Sheet("", tuple(zip(*columns, strict=True)), hidden)


def best(*sheets: Sheet, region: str | None = None) -> tuple[int, int]:
    found = find_number_columns(sheets, region)
    return found[0].sheet, found[0].column


def test_the_column_with_the_most_numbers_is_the_first_and_the_others_follow() -> None:
    few: list[Cell] = [*PHONES[:2], *[None] * 8]
    found = find_number_columns((sheet(few, list(PHONES), ["x"] * 10),))
    assert [(one.column, one.count) for one in found] == [(1, 10), (0, 2)]


@pytest.mark.parametrize("head", ["Мобильный", "phone_1", "Phone Number", "WhatsApp", "Тел.", "MSISDN", "Сот. тел."])
@pytest.mark.parametrize("other", ["ИНН", "Order id", "Номер договора", "account", "Сумма", "Дата рождения", "СНИЛС"])
def test_heads_decide_between_columns_that_both_look_like_numbers(head: str, other: str) -> None:
    numbers: list[Cell] = [f"912345671{at}" for at in range(9)]
    others: list[Cell] = [f"916345671{at}" for at in range(9)]
    assert best(sheet([other, *others], [head, *numbers]), region="RU") == (0, 1)


def test_numbers_that_count_up_are_ids_where_others_do_not() -> None:
    ids: list[Cell] = [str(79120000000 + at) for at in range(10)]
    numbers: list[Cell] = [str(79120000000 + at * at * 7919) for at in range(10)]
    assert best(sheet(ids, numbers)) == (0, 1)


def test_a_few_numbers_that_come_again_and_again_are_not_those_of_the_list() -> None:
    numbers: list[Cell] = [*(f"+7912345{at:04}" for at in range(58)), None, None]
    managers: list[Cell] = [PHONES[at % 3] for at in range(60)]
    assert best(sheet(["Manager's phone", *managers], ["Phone", *numbers])) == (0, 1)
    assert [one.column for one in find_number_columns((sheet(managers),))] == [0]


def test_a_hidden_sheet_is_second_to_one_that_is_seen() -> None:
    numbers: list[Cell] = [*PHONES]
    assert best(sheet(numbers, hidden=True), sheet(numbers)) == (1, 0)


def test_dates_sums_and_accounts_are_no_candidates() -> None:
    dates: list[Cell] = ["2026-11-01"] * 3
    accounts: list[Cell] = ["40817810099910004312"] * 3
    assert find_number_columns((sheet(dates, accounts, [1234567.89] * 3, [True] * 3),)) == ()
    assert find_number_columns(()) == ()


def test_of_a_large_table_a_part_is_looked_at() -> None:
    numbers: list[Cell] = [str(79120000000 + at * 3) for at in range(30_000)]
    (one,) = find_number_columns((sheet(numbers),))
    assert one.count == pytest.approx(30_000, rel=0.05)


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        ([("Name", "Phone"), ("a", "+79123456780")], 0),
        ([("a", "+79123456780")], None),
        ([("Report",), (), ("Name", "Phone"), ("a", "none"), ("b", "+79123456780")], 2),
        ([("Client", "Contacts"), (None, "Phone"), ("a", "+79123456780")], 1),
        ([("Report",), ("from", "2026-11-01"), ("a", "+79123456780")], None),
        ([("Имя", "Куда звонить"), ("a", "+79123456780"), ("b", "")], 0),
    ],
)
def test_the_heads_are_where_words_stand_above_the_numbers(rows: list[tuple[Cell, ...]], head: int | None) -> None:
    assert head_row(Sheet("", tuple(rows)), 1) == head


def test_the_heads_are_not_read_as_numbers_wherever_they_come_again() -> None:
    rows = (("A", "Phone\nhome"), ("a", "1"), ("A", "Phone\nhome"), ("b", None), ("c", "2"))
    assert numbers_of(Sheet("", rows), 1) == Column([(2, "1"), (5, "2")])
    assert head_of(Sheet("", rows), 1) == "Phone home"
    assert head_of(Sheet("", (("a", "+79123456780"),)), 1) == ""
