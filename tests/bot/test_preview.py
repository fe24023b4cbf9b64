import re
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.cards import Card
from bot.job import Failure, JobState
from bot.number_list import Reason, Rejected
from bot.packing import Reading
from bot.preview import MORE_COUNTRIES, SameList, Terms, name_of, preview, reason_of
from bot.texts import Texts, load_texts
from tests.fakes import LONG_NAME, MOST, TEAM, a_job, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
TERMS = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
FREE = replace(TERMS, price_per_1000=None)
JOB = a_job()
REJECTED = (
    Rejected(17, "4.41E+11", Reason.DAMAGED),
    Rejected(90, "8 912 34", Reason.TOO_SHORT, "RU"),
)
READING = Reading(
    valid=4912,
    repeated=240,
    rejected=62,
    countries=(("RU", 4850), ("KZ", 62)),
    country_count=2,
    first_rejected=REJECTED,
)
WITHOUT = replace(READING, rejected=5000, without_country=4938, likely=("RU", "DE", "KZ"))


def card(
    reading: Reading = READING, texts: Texts = EN, terms: Terms = TERMS, *, adding: bool = False, **job: object
) -> Card:
    return preview(replace(JOB, **job), reading, terms, texts, adding=adding)  # type: ignore[arg-type]


def labels(drawn: Card) -> list[list[str]]:
    return [[button.label for button in row] for row in drawn.rows]


def test_the_preview_says_what_was_understood_what_it_costs_and_asks() -> None:
    drawn = card()

    assert drawn.text.split("\n") == [
        "<b>base_nov.txt</b> · Anna",
        "<b>4,912</b> numbers: 🇷🇺 4,850 · 🇰🇿 62",
        "240 repeated · 62 rejected",
        "<blockquote expandable>line 17 <code>4.41E+11</code>: damaged by a spreadsheet",
        "line 90 <code>8 912 34</code>: too short for Russia",
        "… and 60 more</blockquote>",
        "About <b>$0.74</b> and 7 min. Nothing is charged until you press.",
    ]
    assert labels(drawn) == [["Check 4,912 numbers"], ["Rejected lines · 62"], ["Add numbers", "Cancel"]]


def test_a_group_reads_no_number_of_the_list_nor_in_a_name() -> None:
    rejected = (
        Rejected(1, "+7 912 345-45-67", Reason.NOT_VALID_IN_COUNTRY, "RU"),
        Rejected(2, "8 912 34", Reason.TOO_SHORT, "RU"),
        Rejected(3, "4.41E+11", Reason.DAMAGED),
    )
    named = {"name": "79123454567.txt", "starter_name": "Anna 89123454567"}
    same = SameList(under_way=a_job(chat_id=TEAM["id"], **named), checked=a_job(chat_id=TEAM["id"], **named))
    group = replace(JOB, chat_id=TEAM["id"], **named)  # type: ignore[arg-type]
    reading = replace(READING, first_rejected=rejected)
    drawn = preview(group, reading, TERMS, EN, adding=False, same=same)

    assert "line 1 <code>+7 912 ***-**-67</code>: not a valid number of Russia" in drawn.text
    assert "line 2 <code>* *** 34</code>: too short for Russia" in drawn.text
    assert "line 3 <code>4.41E+11</code>" in drawn.text
    assert "<b>7912*****67.txt</b> · Anna 8912*****67" in drawn.text
    assert not re.search("45-?45|9123454567", drawn.text)
    private = preview(replace(group, chat_id=11), reading, TERMS, EN, adding=False, same=same)
    assert "<code>+7 912 345-45-67</code>" in private.text


def test_in_russian_it_says_the_same() -> None:
    drawn = card(texts=RU)

    assert seen(drawn.text).split("\n") == [
        "base_nov.txt · Anna",
        "4\xa0912 номеров: 🇷🇺 4\xa0850 · 🇰🇿 62",
        "240 повторов · 62 отклонено",
        "строка 17 4.41E+11: испорчен в таблице",
        "строка 90 8 912 34: слишком короткий (Россия)",
        "… и ещё 60",
        "Около $0,74 и 7 мин. Пока вы не нажмёте, ничего не спишется.",
    ]
    assert labels(drawn)[0] == ["Проверить 4\xa0912 номеров"]


@pytest.mark.parametrize(
    ("valid", "terms", "english", "russian"),
    [
        (4912, TERMS, "About $0.74 and 7 min.", "Около $0,74 и 7 мин."),
        (230, TERMS, "About $0.03 and less than a minute.", "Около $0,03, меньше минуты."),
        (10, TERMS, "Less than $0.01 and less than a minute.", "Меньше $0,01 и меньше минуты."),
        (60, replace(TERMS, pace=1.0), "Less than $0.01 and about 1 min.", "Меньше $0,01, около 1 мин."),
        (230, FREE, "Less than a minute.", "Меньше минуты."),
        (4912, FREE, "About 7 min.", "Около 7 мин."),
        (4912, replace(TERMS, price_per_1000=Decimal(0)), "About 7 min.", "Около 7 мин."),
        (MOST, TERMS, "About $1,500.00 and 231 h.", "Около $1\xa0500,00 и 231 ч."),
    ],
)
def test_price_and_time_are_said_as_far_as_they_are_known(valid: int, terms: Terms, english: str, russian: str) -> None:
    reading = replace(READING, valid=valid)

    for texts, said, until in (
        (EN, english, "Nothing is charged until you press."),
        (RU, russian, "Пока вы не нажмёте, ничего не спишется."),
    ):
        assert seen(card(reading, texts, terms).text).split("\n")[-1] == f"{said} {until}"


def test_one_country_is_named_and_numbers_of_none_too() -> None:
    only = replace(READING, countries=(("RU", 4912),), country_count=1)
    world = replace(READING, countries=(("RU", 4850), ("001", 62)))
    many = replace(READING, countries=(("RU", 9), ("KZ", 8), ("GB", 7), ("DE", 6)), country_count=40)

    assert "numbers: 🇷🇺 Russia\n" in seen(card(only).text)
    assert "🇷🇺 4,850 · International 62\n" in seen(card(world).text)
    assert "🇷🇺 9 · 🇰🇿 8 · 🇬🇧 7 · 37 more countries\n" in seen(card(many).text)
    assert "🇷🇺 9 · 🇰🇿 8 · 🇬🇧 7 · 🇩🇪 6\n" in seen(card(replace(many, country_count=4)).text)


def test_the_country_is_asked_with_likely_ones_and_ways_out() -> None:
    drawn = card(WITHOUT)

    assert "4,938 numbers have no country code. Which country?" in seen(drawn.text)
    assert "240 repeated · 62 rejected" in drawn.text
    assert labels(drawn) == [
        ["Check 4,912 numbers"],
        ["🇷🇺 Russia", "🇩🇪 Germany"],
        ["🇰🇿 Kazakhstan"],
        ["Other", "Leave out"],
        ["Rejected lines · 62"],
        ["Add numbers", "Cancel"],
    ]


def test_other_shows_many_countries_and_names_the_command_for_all() -> None:
    drawn = card(WITHOUT, choosing_country=True)

    assert sum(map(len, labels(drawn)[1:9])) == len(MORE_COUNTRIES) == 24
    assert ["Back", "Leave out"] in labels(drawn)
    assert "/country Kenya" in drawn.text


def test_left_out_numbers_are_said_and_asked_about_no_more() -> None:
    drawn = card(WITHOUT, left_out=True)

    assert "4,938 without a country code are left out." in drawn.text
    assert "Which country?" not in drawn.text
    assert labels(drawn) == [["Check 4,912 numbers"], ["Rejected lines · 62"], ["Add numbers", "Cancel"]]


def test_a_known_country_is_said_with_the_way_to_change_it() -> None:
    assert "Numbers without a country code are read as 🇷🇺 Russia. /country changes it." in card(region="RU").text


def test_without_a_number_there_is_nothing_to_check() -> None:
    drawn = card(Reading(rejected=1, first_rejected=REJECTED[:1]))

    assert "No phone number I can check yet." in drawn.text
    assert "charged" not in drawn.text
    assert labels(drawn) == [["Add numbers", "Cancel"]]


def test_a_few_rejected_lines_need_no_file() -> None:
    assert labels(card(replace(READING, rejected=2))) == [["Check 4,912 numbers"], ["Add numbers", "Cancel"]]


def test_a_small_list_hears_of_the_smallest_and_can_grow() -> None:
    small = replace(READING, valid=7, rejected=0, first_rejected=())
    drawn = card(small, terms=replace(TERMS, minimum=10))

    assert "Only 7: the checking service lately took no lists of fewer than 10." in drawn.text
    assert labels(drawn) == [["Check 7 numbers"], ["Add numbers", "Cancel"]]
    assert "Send more numbers or a file now" in card(small, adding=True).text


@pytest.mark.parametrize(
    ("failure", "minimum", "words"),
    [
        (Failure.TOO_SMALL, 10, "The checking service takes only lists of 10 numbers or more."),
        (Failure.TOO_SMALL, None, "The checking service says this list is too small."),
        (Failure.WAITED_TOO_LONG, None, "This list waited in the queue for 12 hours, so I ask again."),
        (Failure.TRIES_USED_UP, None, "The checking service answered every try with an internal error."),
    ],
)
def test_who_is_asked_once_more_hears_why(failure: Failure, minimum: int | None, words: str) -> None:
    drawn = card(terms=replace(TERMS, minimum=minimum), failure=failure)

    assert f"<b>{words}</b> Nothing was charged." in drawn.text
    assert labels(drawn)[-1] == ["Add numbers", "Cancel"]


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_every_reason_is_said_with_and_without_a_country(texts: Texts) -> None:
    said = {reason_of(reason, region, texts) for reason in Reason for region in (None, "RU")}

    assert len(said) == len(Reason) + 3


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("choosing", [False, True])
def test_the_largest_preview_of_hostile_names_fits_telegram_and_a_screen(texts: Texts, choosing: bool) -> None:  # noqa: FBT001 (a table)
    hostile = tuple(Rejected(MOST + at, LONG_NAME, Reason.NOT_VALID_IN_COUNTRY, "BA") for at in range(5))
    reading = Reading(
        valid=MOST,
        repeated=MOST,
        rejected=2 * MOST,
        without_country=MOST,
        countries=tuple((region, MOST) for region in ("001", "BA", "GB", "US")),
        country_count=200,
        first_rejected=hostile,
        likely=("BA", "GB", "US", "RU", "DE", "AE"),
    )
    drawn = card(
        reading,
        texts,
        replace(TERMS, minimum=MOST + 1),
        adding=True,
        name=LONG_NAME,
        starter_name=LONG_NAME,
        region="BA",
        choosing_country=choosing,
        failure=Failure.WAITED_TOO_LONG,
    )

    assert units(drawn.text) <= 4096 / 2
    assert drawn.text.count("\n") <= 20
    assert "\u202e" not in drawn.text
    buttons = [button for row in drawn.rows for button in row]
    assert len(buttons) <= 100
    assert all(1 <= len((button.data or "").encode()) <= 64 for button in buttons)


CHECKED = a_job(
    id=2, token="t" * 16, state=JobState.DONE, finished_at=1_794_480_000.0, yes=3046, no=1679, undetermined=187
)


def same(known: SameList, texts: Texts = EN) -> Card:
    return preview(JOB, READING, TERMS, texts, adding=False, same=known)


def test_a_list_that_was_checked_before_offers_the_old_result_for_free_beside_the_paid_check() -> None:
    drawn = same(SameList(checked=CHECKED))

    (line,) = [one for one in drawn.text.split("\n") if "Checked here" in one]
    assert seen(line) == (
        "Checked here on Nov 12, 2026 by Anna: 3,046 yes, 1,679 no, 187 undetermined. That result is free."
    )
    assert labels(drawn)[:2] == [["Check 4,912 numbers"], ["Result of Nov 12 · free"]]
    assert drawn.rows[1][0].data == f"file:{'t' * 16}:"


def test_in_russian_the_old_result_is_offered_too() -> None:
    drawn = same(SameList(checked=CHECKED), RU)

    assert "Уже проверено здесь: 12 нояб. 2026" in seen(drawn.text)
    assert "Anna. Итог: да 3\u00a0046, нет 1\u00a0679, не определено 187." in seen(drawn.text)
    assert labels(drawn)[1][0] == "Результат от 12 нояб. · бесплатно"


def test_a_list_that_is_being_checked_right_now_is_pointed_at() -> None:
    drawn = same(SameList(under_way=replace(CHECKED, state=JobState.CHECKING)))

    assert (
        "<b>The same numbers are being checked right now</b>: see my message about base_nov.txt from Anna. "
        "A second check is paid again."
    ) in drawn.text.split("\n")
    assert labels(drawn)[1] == ["Rejected lines · 62"]


def test_a_list_that_waits_for_a_decision_may_have_been_charged_already() -> None:
    drawn = same(SameList(under_way=replace(CHECKED, state=JobState.UNSURE)))

    assert "They may have been charged already." in drawn.text


def test_names_of_others_are_escaped_and_cut() -> None:
    hostile = replace(CHECKED, name=LONG_NAME, starter_name=LONG_NAME)
    drawn = same(SameList(checked=hostile, under_way=hostile))

    assert "<b>&amp;" not in drawn.text.replace("<b>Checked", "").replace("<b>The same", "")
    assert units(drawn.text) < 4096


def test_a_forgotten_list_has_no_name() -> None:
    assert name_of(replace(CHECKED, forgotten_at=1.0), EN) == "Forgotten list"
