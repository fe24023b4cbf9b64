from bot.numbers import Reason, read_numbers, summarise
from bot.sample import SAMPLE


def test_the_sample_shows_what_a_preview_can_show_and_asks_nothing() -> None:
    reading = summarise(read_numbers(SAMPLE))

    assert (reading.valid, reading.repeated, reading.rejected, reading.without_country) == (12, 1, 1, 0)
    assert reading.countries == (("US", 4), ("AU", 3), ("GB", 3), ("DE", 2))
    assert [one.reason for one in reading.first_rejected] == [Reason.TOO_SHORT]


def test_no_number_of_the_sample_belongs_to_anybody() -> None:
    kept_for_films = (
        "+1202555",
        "+1212555",
        "+1415555",
        "+44207946",
        "+44131496",
        "+44121496",
        "+6149157",
        "+493023125",
    )
    numbers = [one.e164 for one in read_numbers(SAMPLE).valid]

    assert all(number.startswith(kept_for_films) for number in numbers)
    assert all("01" <= number[-4:-2] <= "01" for number in numbers if number.startswith("+1"))
