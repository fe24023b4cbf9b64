import html
import re

import pytest

from bot.countries import CountryCount
from bot.country_table import LISTED, ROW_CELLS, country_table, yes_rate
from bot.texts import Texts, load_texts
from tests.fakes import LONG_NAME, TEAM, a_job, units

EN, RU = load_texts()["en"], load_texts()["ru"]
REGIONS = sorted(str(region) for region in EN.locale.territories if re.fullmatch("[A-Z]{2}", str(region)))


def rows(countries: list[CountryCount], texts: Texts = EN) -> list[str]:
    text = country_table(a_job(), countries, texts).text
    return html.unescape(text[text.index("<pre>") + 5 : text.index("</pre>")]).split("\n")


def test_the_table_names_countries_with_their_numbers_and_rates() -> None:
    found = [CountryCount("RU", 1900, 900, 80), CountryCount("001", 46, 0, 0), CountryCount("TT", 0, 0, 7)]
    card = country_table(a_job(), found, EN)

    assert card.text == (
        "<b>base_nov.txt</b>: numbers by country, and how many of them are on Telegram\n"
        "<pre>🇷🇺 Russia        2,880  66\xa0%\n"
        "   International    46 100\xa0%\n"
        "🇹🇹 Trinidad &amp; T…     7     —</pre>"
    )
    assert rows(found, RU)[1:] == ["   Международный    46 100\xa0%", "🇹🇹 Тринидад и Т…     7     —"]


def test_where_nothing_was_determined_the_rate_is_unknown_and_no_zero() -> None:
    assert yes_rate(CountryCount("RU", 0, 0, 3), EN) == "—"
    assert yes_rate(CountryCount("RU", 0, 1, 3), EN) == "0.0\xa0%"
    assert yes_rate(CountryCount("RU", 2, 1, 0), RU) == "66,7\xa0%"


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_the_longest_table_fits_a_message_and_a_phone(texts: Texts) -> None:
    countries = [CountryCount(region, 9_999, 9_000_000, 0) for region in REGIONS]
    job = a_job(name=LONG_NAME, chat_id=TEAM["id"], starter_name=LONG_NAME)
    text = country_table(job, countries, texts).text

    assert units(text.replace("<pre>", "").replace("</pre>", "")) < 1500
    assert len(rows(countries, texts)) == LISTED
    assert {len(row) for row in rows(countries, texts)} == {ROW_CELLS}
    assert texts.plain("countries-more", count=len(countries) - LISTED) in text


def test_a_number_in_the_name_is_hidden_from_a_group() -> None:
    card = country_table(a_job(name="79123456789.txt", chat_id=TEAM["id"]), [CountryCount("RU", 1, 0, 0)], EN)
    assert "7912*****89.txt" in card.text
