from bot.number_list import Number, NumberList, Reason, Rejected


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
