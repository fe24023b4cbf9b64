from bot.number_list import Number, NumberList, Numbers, Reason, Rejected, Rejections


def test_countries_of_equal_size_stand_by_name() -> None:
    numbers = NumberList((Number("+1", "US", 1, ""), Number("+7", "KZ", 2, ""), Number("+8", "US", 3, "")))
    assert numbers.countries == (("US", 2), ("KZ", 1))
    numbers = NumberList((Number("+1", "US", 1, ""), Number("+7", "KZ", 2, "")))
    assert numbers.countries == (("KZ", 1), ("US", 1))


def test_only_those_that_need_a_country_are_without_one() -> None:
    numbers = NumberList(
        rejected=(Rejected(1, "495", Reason.TOO_SHORT, "RU"), Rejected(2, "4951234567", Reason.NEEDS_COUNTRY))
    )
    assert numbers.without_country == 1


NUMBERS = (Number("+1", "US", 1, "1"), Number("+7", "KZ", 2, "+7"))
REJECTED = (Rejected(1, "495", Reason.TOO_SHORT, "RU"), Rejected(2, "hello", Reason.NOT_A_NUMBER))


def test_columns_are_the_numbers_that_were_put_into_them() -> None:
    columns = Numbers.of(NUMBERS)
    assert tuple(columns) == NUMBERS
    assert columns == NUMBERS
    assert columns != NUMBERS[:1]
    assert (columns[0], columns[-1], tuple(columns[1:])) == (NUMBERS[0], NUMBERS[1], NUMBERS[1:])
    assert Numbers.of(columns) is columns
    assert columns.as_sent == ["1", None]
    assert repr(columns) == f"Numbers.of({list(NUMBERS)!r})"


def test_columns_are_the_pieces_that_were_put_into_them() -> None:
    columns = Rejections.of(REJECTED)
    assert tuple(columns) == REJECTED
    assert columns == REJECTED
    assert (columns[0], tuple(columns[1:]), len(columns)) == (REJECTED[0], REJECTED[1:], 2)
    assert Rejections.of(columns) is columns
    assert repr(columns) == f"Rejections.of({list(REJECTED)!r})"
