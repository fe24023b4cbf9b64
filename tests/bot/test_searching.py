from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Action, Press
from bot.job import CONTACTS
from bot.searching import WORDS_BYTES, Search, folded, folded_name, search_for
from tests.fakes import NOW


def test_names_are_compared_without_case_in_every_script() -> None:
    assert folded("БАЗА  Ноябрь.TXT") == folded("база ноябрь.txt")
    assert folded("ﬁle") == "file"
    assert folded("10:30") == "10 30"


def test_a_group_does_not_find_a_number_by_the_digits_that_it_is_not_shown() -> None:
    assert "9123456789" in (folded_name("+79123456789 Base.txt", 11) or "")
    assert folded_name("+79123456789 Base.txt", -100) == "+7912*****89 base.txt"
    assert folded_name("Base 2026-11-23.txt", -100) == "base 2026-11-23.txt"
    assert folded_name(None, 11) is None
    assert folded_name(CONTACTS, 11) == "shared contacts контакты"


def test_a_word_that_names_a_month_is_looked_for_in_names_as_well() -> None:
    found = search_for("Ноябрь", NOW)

    assert found.words == "ноябрь"
    assert found.period is not None
    assert search_for("база", NOW) == Search("база")
    assert search_for("  ", NOW) == Search()


@given(text=st.text(max_size=80))
def test_every_search_fits_into_a_button_and_comes_out_of_it_as_it_was(text: str) -> None:
    search = search_for(text, NOW)
    data = Press(Action.FORGET_LISTED, f"{16**12 - 1:x}-{16**12 - 1:x}", search.words).pack()
    press = Press.unpack(data)

    assert len(search.words.encode()) <= WORDS_BYTES
    assert len(data.encode()) <= 64
    assert press is not None
    assert search_for(press.word, NOW) == search


@given(name=st.text(max_size=60), start=st.integers(0, 30), end=st.integers(0, 60))
def test_a_part_of_a_name_finds_it(name: str, start: int, end: int) -> None:
    words = search_for(folded(name)[start:end], NOW).words

    assert words in (folded_name(name, 11) or "")
