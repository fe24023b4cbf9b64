from dataclasses import replace
from decimal import Decimal

import pytest

from bot.job import STAND_INS, Job, JobState
from bot.number_list import Reason
from bot.preview import Terms
from bot.summary import Way, caption, cost_of, counts, document, raw_caption, sheet_words
from bot.texts import Texts, load_texts
from tests.fakes import LONG_NAME, MOST, NOW, TEAM, a_job, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
TERMS = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
DONE = a_job(
    state=JobState.DELIVERING,
    valid=4912,
    yes=3046,
    no=1679,
    undetermined=187,
    repeated=240,
    rejected=62,
    submitted_at=NOW - 420.0,
    finished_at=float(NOW),
    task_id="task-7",
)


GROUP = replace(DONE, chat_id=TEAM["id"])
LINK = f"https://t.me/check_bot?start=result_{GROUP.token}"


def said(job: Job, texts: Texts = EN, *, repeat: bool = False) -> list[str]:
    return seen(caption(job, TERMS, texts, repeat=repeat).text).split("\n")


def labels(job: Job, texts: Texts = EN) -> list[list[str]]:
    return [[button.label for button in row] for row in caption(job, TERMS, texts, repeat=False).rows]


def test_the_first_line_is_the_answer_and_the_last_what_it_took() -> None:
    assert said(DONE) == [
        "3,046 of 4,912 are on Telegram · 62.0\xa0%",
        "No: 1,679 · 34.2\xa0%",
        "Undetermined: 187 · 3.8\xa0%",
        "base_nov.txt · Sep 21, 2026",
        "4,912 sent · 240 repeated · 62 rejected · 7 min · $0.74",
    ]
    assert labels(DONE) == [
        ["Only yes · 3,046", "Only no · 1,679"],
        ["Undetermined · 187", "Countries"],
        ["Picture", "Copy totals"],
        ["Check undetermined · $0.03"],
        ["Check all again"],
    ]


def test_in_russian_it_says_the_same() -> None:
    assert said(DONE, RU) == [
        "3\xa0046 из 4\xa0912 есть в Telegram · 62,0\xa0%",
        "Нет: 1\xa0679 · 34,2\xa0%",
        "Не определено: 187 · 3,8\xa0%",
        "base_nov.txt · 21 сент. 2026\u202fг.",
        "4\xa0912 отправлено · 240 повторов · 62 отклонено · 7 мин · $0,74",
    ]
    assert labels(DONE, RU) == [
        ["Только да · 3\xa0046", "Только нет · 1\xa0679"],
        ["Не определено · 187"],
        ["По странам", "Картинка"],
        ["Скопировать итоги"],
        ["Неопределённые заново · $0,03"],
        ["Проверить все заново"],
    ]


def test_in_a_group_it_says_who_started_it_and_hides_a_number_in_the_name() -> None:
    named = replace(GROUP, name="79123456789.txt", starter_name="Anna +7 912 345 67 89")

    assert said(GROUP)[3] == "base_nov.txt · Anna · Sep 21, 2026"
    assert said(named)[3] == "7912*****89.txt · Anna +7 912 *** ** 89 · Sep 21, 2026"
    assert document(named, workbook=b"", raw=None)[0] == "7912_89_checked_2026-09-21.xlsx"
    assert said(replace(named, chat_id=1))[3] == "79123456789.txt · Sep 21, 2026"


def test_what_goes_to_a_person_names_the_group_it_is_from() -> None:
    for card in (
        caption(GROUP, TERMS, EN, repeat=False, group="Sales"),
        raw_caption(GROUP, EN, repeat=False, group="A"),
    ):
        assert "From the group" in card.text
    assert "From the group" not in caption(GROUP, TERMS, EN, repeat=False).text


def test_a_file_that_could_not_be_read_says_what_it_is_of() -> None:
    raw = seen(raw_caption(GROUP, EN, repeat=False).text).split("\n")

    assert raw[:2] == ["Checked, but I cannot read the result.", "base_nov.txt · Anna · 4,912 numbers · Sep 21, 2026"]


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("way", Way)
def test_a_group_reads_the_counts_and_where_the_file_went(texts: Texts, way: Way) -> None:
    card = counts(GROUP, TERMS, texts, way, link=LINK, repeat=False)
    drawn = seen(card.text).split("\n")

    assert drawn[:5] == said(GROUP, texts)
    assert texts.plain(f"counts-{way}", who="Anna") == drawn[5]
    assert [button.label for row in card.rows for button in row] == [
        *(texts.plain(label) for label in ("button-file-private", "button-countries", "button-picture", "button-copy")),
        f"{texts.plain('button-check-undetermined')} · {texts.money(Decimal('0.02805'), 'USD')}",
        texts.plain("button-check-again"),
    ]


def test_who_has_no_private_chat_with_us_gets_an_address_and_the_others_a_button() -> None:
    buttons = {way: counts(GROUP, TERMS, EN, way, link=LINK, repeat=False).rows[0][0] for way in Way}

    assert (buttons[Way.CLOSED].url, buttons[Way.CLOSED].data) == (LINK, None)
    assert {buttons[way].data for way in Way if way is not Way.CLOSED} == {f"file:{GROUP.token}:"}
    assert all(buttons[way].url is None for way in Way if way is not Way.CLOSED)


def test_a_list_without_a_named_starter_goes_to_whoever_pressed() -> None:
    anonymous = replace(GROUP, starter_id=min(STAND_INS), starter_name="Group")

    assert "whoever started the check" in counts(anonymous, TERMS, EN, Way.SENT, link=LINK, repeat=False).text


def test_counts_that_may_have_come_twice_are_marked() -> None:
    assert "Possible repeat:" in counts(GROUP, TERMS, EN, Way.SENT, link=LINK, repeat=True).text


def test_there_are_no_counts_of_what_could_not_be_read() -> None:
    raw = replace(GROUP, yes=0, no=0, undetermined=0)
    card = counts(raw, TERMS, EN, Way.SENT, link=LINK, repeat=False)

    assert seen(card.text).split("\n")[0] == "Checked, but I cannot read the result."
    assert [len(row) for row in card.rows] == [1]


def test_many_undetermined_are_explained_and_never_called_no() -> None:
    doubtful = said(replace(DONE, yes=2000, no=1679, undetermined=1233))

    assert doubtful[2] == "Undetermined: 1,233 · 25.1\xa0%"
    assert doubtful[-1].startswith("Undetermined: the checking service said neither yes nor no. It is not a no.")


@pytest.mark.parametrize(("yes", "no"), [(4912, 0), (0, 4912)])
def test_hundreds_of_verdicts_all_alike_are_doubted(yes: int, no: int) -> None:
    assert said(replace(DONE, yes=yes, no=no, undetermined=0))[-1].startswith("Every verdict is the same.")


def test_all_undetermined_is_no_answer_of_no() -> None:
    nothing = replace(DONE, yes=0, no=0, undetermined=4912)

    assert said(nothing)[:3] == [
        "0 of 4,912 are on Telegram · 0.0\xa0%",
        "No: 0 · 0.0\xa0%",
        "Undetermined: 4,912 · 100.0\xa0%",
    ]
    assert "It is not a no." in said(nothing)[-1]
    assert labels(nothing) == [
        ["Undetermined · 4,912"],
        ["Countries", "Picture"],
        ["Copy totals"],
        ["Check all again"],
    ]


def test_a_possible_repeat_is_marked() -> None:
    assert said(DONE, repeat=True)[-1].startswith("Possible repeat:")
    assert "Possible repeat:" in raw_caption(DONE, EN, repeat=True).text


def test_what_was_known_from_before_is_told_from_what_was_checked_now_and_paid() -> None:
    partly = replace(DONE, known=4120, to_check=792)
    assert said(partly)[4].startswith("792 checked now · 4,120 known from before · 240 repeated")
    assert said(partly)[4].endswith("$0.12")
    free = said(replace(DONE, known=4912, to_check=0))
    assert free[4] == "4,912 known from before · 240 repeated · 62 rejected · nothing charged"


def test_what_has_changed_is_said_where_all_was_checked_again() -> None:
    again = replace(DONE, known=4000, to_check=4912, newly=12, gone=1)
    assert said(again)[3] == "Since the last check: 12 newly on Telegram, 1 no longer."
    assert {"Newly · 12", "No longer · 1"} < {one for row in labels(again) for one in row}
    same = replace(again, newly=0, gone=0)
    assert said(same)[3] == "Nothing has changed since the last check."
    assert labels(same) == labels(DONE)
    assert "Since" not in said(replace(again, known=0))[3]


def test_no_row_has_more_than_two_buttons_and_there_are_no_more_than_six_rows() -> None:
    full = labels(replace(DONE, known=4000, to_check=4912, newly=12, gone=1))
    assert len(full) <= 6
    assert max(map(len, full)) == 2


def test_a_file_in_private_offers_no_check_for_its_group() -> None:
    drawn = caption(DONE, TERMS, EN, repeat=False, group="Sales")
    assert not [button for row in drawn.rows for button in row if button.label.startswith("Check")]


def test_only_what_there_is_has_a_button_or_a_word() -> None:
    plain = replace(DONE, yes=0, no=4912, undetermined=0, repeated=0, rejected=0, submitted_at=NOW - 5.0)

    assert labels(plain) == [["Only no · 4,912", "Countries"], ["Picture", "Copy totals"], ["Check all again"]]
    assert "4,912 sent · less than a minute · $0.74" in said(plain)


@pytest.mark.parametrize(
    ("amount", "price", "cost"),
    [
        ("1.5 EUR", "0.15", "€1.50"),
        ("0.74 USD", None, "$0.74"),
        (None, "0.15", "$0.74"),
        (None, None, None),
        ("rubbish USD", "0.15", None),
    ],
)
def test_the_cost_is_the_apis_own_word_before_the_settings(
    amount: str | None, price: str | None, cost: str | None
) -> None:
    terms = replace(TERMS, price_per_1000=None if price is None else Decimal(price))

    assert cost_of(replace(DONE, amount=amount), terms, EN) == cost


def test_the_totals_to_copy_are_plain_words() -> None:
    (copied,) = (one for row in caption(DONE, TERMS, EN, repeat=False).rows for one in row if one.copies)

    assert copied.copies == (
        "base_nov.txt: 4,912 checked, 3,046 on Telegram (62.0\xa0%), 1,679 not (34.2\xa0%), 187 undetermined (3.8\xa0%)"
    )
    assert copied.data is None


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_the_longest_fits_into_a_caption_a_button_and_a_screen(texts: Texts) -> None:
    job = replace(
        DONE,
        name=LONG_NAME,
        valid=MOST,
        yes=MOST // 3,
        no=MOST // 3,
        undetermined=MOST - 2 * (MOST // 3),
        repeated=MOST,
        rejected=MOST,
        known=MOST,
        to_check=MOST,
        newly=MOST,
        gone=MOST,
        submitted_at=NOW - 833_333.0,
        amount="1500000 USD",
        task_id="t" * 64,
    )
    drawn = caption(job, TERMS, texts, repeat=True)
    in_group = replace(job, chat_id=TEAM["id"], starter_name=LONG_NAME)

    assert units(drawn.text) <= 1024
    assert drawn.text.count("\n") <= 8
    assert units(caption(in_group, TERMS, texts, repeat=True, group=LONG_NAME).text) <= 1024
    for way in Way:
        assert units(counts(in_group, TERMS, texts, way, link=LINK, repeat=True).text) <= 1024
    assert units(raw_caption(job, texts, repeat=True).text) <= 1024
    for row in drawn.rows:
        for button in row:
            assert len((button.copies or "").encode("utf-16-le")) // 2 <= 256
            assert len((button.data or "").encode()) <= 64


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_the_workbook_gets_every_word_it_needs(texts: Texts) -> None:
    words = sheet_words(texts, ["RU", "001"])

    assert words.reasons.keys() == {reason.value for reason in Reason}
    assert words.countries.keys() == {"RU", "001"}
    assert all(
        getattr(words, name) for name in ("sent", "yes", "no", "undetermined", "repeated", "rejected", "time", "cost")
    )


def test_a_result_is_named_after_its_list_and_what_it_is() -> None:
    assert document(DONE, workbook=b"book", raw=None) == ("base_nov_checked_2026-09-21.xlsx", b"book")
    assert document(DONE, workbook=None, raw=b"a,b") == ("base_nov_checked_2026-09-21.txt", b"a,b")
    assert document(replace(DONE, name=None), workbook=None, raw=None) == ("numbers_checked_2026-09-21.txt", b"")
