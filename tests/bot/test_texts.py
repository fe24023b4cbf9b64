import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from hypothesis import given
from hypothesis import strategies as st

from bot.job import Failure, JobState, Waiting
from bot.number_list import Reason
from bot.profile import COMMANDS
from bot.summary import Way
from bot.texts import LOCALES, Html, SentenceError, Texts, flag, language_of, load_texts
from storage.access import AccessState
from storage.access_requests import Decision
from storage.groups import ResultsTo, WhoSpends

ROOT = Path(__file__).parent.parent.parent
EN, RU = load_texts()["en"], load_texts()["ru"]
SOME = (0, 1, 2, 5, 11, 21, 101, 1000)


def sentences(language: str) -> dict[str, ftl.Message]:
    resource = FluentParser().parse((LOCALES / f"{language}.ftl").read_text(encoding="utf-8"))
    assert not [entry for entry in resource.body if isinstance(entry, ftl.Junk)]
    messages = [entry for entry in resource.body if isinstance(entry, ftl.Message)]
    assert len({message.id.name for message in messages}) == len(messages)
    return {message.id.name: message for message in messages}


def variables(node: ftl.BaseNode) -> set[str]:
    found: set[str] = set()

    def walk(one: object) -> None:
        if isinstance(one, ftl.VariableReference):
            found.add(one.id.name)
        if isinstance(one, ftl.BaseNode):
            for value in vars(one).values():
                for inner in value if isinstance(value, list) else [value]:
                    walk(inner)

    walk(node)
    return found


def asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every string in the code that may be a sentence's name, and every family of them."""
    plain: set[str] = set()
    families: list[re.Pattern[str]] = []
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    plain.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    parts = [
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9-]+"
                        for part in node.values
                    ]
                    families.append(re.compile("".join(parts)))
    return plain, [family for family in families if re.search(r"[a-z]{2}", family.pattern.replace("[a-z0-9-]+", ""))]


def test_both_languages_have_the_same_sentences_with_the_same_words() -> None:
    english, russian = sentences("en"), sentences("ru")

    assert english.keys() == russian.keys()
    assert {name: variables(english[name]) for name in english} == {name: variables(russian[name]) for name in russian}


def test_every_sentence_is_said_somewhere() -> None:
    plain, families = asked_for()

    unused = [
        name for name in sentences("en") if name not in plain and not any(one.fullmatch(name) for one in families)
    ]
    assert unused == []


def test_every_sentence_of_a_family_is_there() -> None:
    families: dict[str, list[str]] = {
        "state-{}": [state.value for state in JobState],
        "reason-{}": [reason.value.replace("_", "-") for reason in Reason],
        "reason-{}-in": ["too-short", "too-long", "not-valid-in-country"],
        "progress-waiting-{}": [one.value for one in Waiting if one is not Waiting.RESULT],
        "admin-paused-{}": [Waiting.MONEY, Waiting.KEY, Waiting.ADDRESS],
        "refused-{}": [
            *(Failure.NOT_TEXT, Failure.EMPTY, Failure.TOO_BIG),
            *(Failure.NO_NUMBERS, Failure.FILE_GONE, Failure.UNREADABLE),
        ],
        "final-{}": ["done", "cancelled", "expired", "closed", "unsure", "failed", "undeliverable"],
        "unsure-{}": ["connection", "stopped"],
        "approval-{}": ["approved", "declined"],
        "access-decided-{}": list(Decision),
        "access-{}-group": [Decision.DENIED, Decision.LEFT],
        "access-line-{}": list(AccessState),
        "press-access-{}": list(AccessState),
        "press-access-{}-already": list(AccessState),
        "command-{}": list(COMMANDS),
        "counts-{}": list(Way),
        "picture-{}": ["yes", "no", "undetermined"],
        "settings-spends-{}": list(WhoSpends),
        "settings-results-{}": list(ResultsTo),
        "button-set-{}": [
            *(f"who-{who}" for who in WhoSpends),
            *(f"to-{to}" for to in ResultsTo),
            "files-on",
            "files-off",
        ],
    }
    wanted = {family.format(one) for family, members in families.items() for one in members}

    assert wanted <= sentences("en").keys()


def test_every_sentence_the_code_names_is_there() -> None:
    named = set()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                    first = node.args[0]
                    if node.func.attr in {"say", "plain"} and isinstance(first, ast.Constant):
                        named.add(first.value)

    assert len(named) > 50
    assert named <= sentences("en").keys()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_sentence_can_be_said_with_every_count(language: str) -> None:
    texts = load_texts()[language]
    for name, message in sentences(language).items():
        for count in SOME:
            words = {word: f"<{word}>" for word in variables(message)}
            counts = {"count", "minimum", "yes", "no", "undetermined", "done", "line", "minutes", "hours", "limit"}
            counts |= {"known", "days", "newly", "gone", "new"}
            said = texts.say(name, **(words | dict.fromkeys(counts & words.keys(), count)))
            assert said.strip() == said
            assert "{" not in said
            assert "<" not in re.sub(r"</?(b|i|code)>", "", said), "what is put into a sentence is escaped"


def plural(texts: Texts, sentence: str, word: str = "count", **words: object) -> list[str]:
    return [texts.plain(sentence, **{word: count}, **words) for count in SOME]


NUMBERS_RU = [
    "0 номеров",
    "1 номер",
    "2 номера",
    "5 номеров",
    "11 номеров",
    "21 номер",
    "101 номер",
    "1\xa0000 номеров",
]
NUMBERS_EN = ["0 numbers", "1 number", "2 numbers", "5 numbers", "11 numbers", "21 numbers", "101 numbers"]
NUMBERS_EN += ["1,000 numbers"]
REPEATED_RU = ["повторов", "повтор", "повтора", "повторов", "повторов", "повтор", "повтор", "повторов"]
REJECTED_RU = ["отклонено", "отклонён", "отклонено", "отклонено", "отклонено", "отклонён", "отклонён", "отклонено"]
COUNTS_RU = ["0", "1", "2", "5", "11", "21", "101", "1\xa0000"]
COUNTS_EN = ["0", "1", "2", "5", "11", "21", "101", "1,000"]
ONES_RU = [False, True, False, False, False, True, True, False]
ONES_EN = [False, True, False, False, False, False, False, False]


def each(counts: list[str], words: list[str]) -> list[str]:
    return [f"{count} {word}" for count, word in zip(counts, words, strict=True)]


def either(ones: list[bool], one: str, other: str) -> list[str]:
    return [one if is_one else other for is_one in ones]


def test_counts_of_numbers_have_the_right_ending() -> None:
    assert plural(RU, "number-of") == NUMBERS_RU
    assert plural(EN, "number-of") == NUMBERS_EN
    assert plural(RU, "button-check") == [f"Проверить {one}" for one in NUMBERS_RU]
    assert plural(EN, "button-check") == [f"Check {one}" for one in NUMBERS_EN]
    bold = [re.sub(r"^([^ ]+) ", r"<b>\1</b> ", one) + ": X" for one in NUMBERS_RU]
    assert plural(RU, "preview-countries", countries="X") == bold
    bold = [re.sub(r"^([^ ]+) ", r"<b>\1</b> ", one) + ": X" for one in NUMBERS_EN]
    assert plural(EN, "preview-countries", countries="X") == bold


def test_counts_of_what_was_left_aside_have_the_right_ending() -> None:
    for sentence in ("preview-repeated", "summary-repeated"):
        assert plural(RU, sentence) == each(COUNTS_RU, REPEATED_RU)
        assert plural(EN, sentence) == each(COUNTS_EN, ["repeated"] * 8)
    for sentence in ("preview-rejected", "summary-rejected"):
        assert plural(RU, sentence) == each(COUNTS_RU, REJECTED_RU)
        assert plural(EN, sentence) == each(COUNTS_EN, ["rejected"] * 8)
    sent = either(ONES_RU, "отправлен", "отправлено")
    assert plural(RU, "summary-sent") == each(COUNTS_RU, sent)
    lines = ["отклонённых строк", "отклонённая строка", "отклонённые строки", *["отклонённых строк"] * 2]
    lines += ["отклонённая строка", "отклонённая строка", "отклонённых строк"]
    assert plural(RU, "rejected-caption", name="X") == [f"<b>X</b>: {one}" for one in each(COUNTS_RU, lines)]
    lines = either(ONES_EN, "rejected line", "rejected lines")
    assert plural(EN, "rejected-caption", name="X") == [f"<b>X</b>: {one}" for one in each(COUNTS_EN, lines)]


def test_counts_of_countries_have_the_right_ending() -> None:
    countries = ["стран", "страна", "страны", "стран", "стран", "страна", "страна", "стран"]
    assert plural(RU, "preview-more-countries") == [f"ещё {one}" for one in each(COUNTS_RU, countries)]
    assert plural(RU, "picture-others") == [f"ещё {one}" for one in each(COUNTS_RU, countries)]
    more = [f"… и ещё {one}, все в таблице Excel" for one in each(COUNTS_RU, countries)]
    assert plural(RU, "countries-more") == more
    countries = either(ONES_EN, "more country", "more countries")
    assert plural(EN, "preview-more-countries") == each(COUNTS_EN, countries)
    assert plural(EN, "picture-others") == each(COUNTS_EN, countries)
    assert plural(EN, "countries-more") == [f"… and {one}, all in the workbook" for one in each(COUNTS_EN, countries)]


def test_counts_of_rows_have_the_right_ending() -> None:
    for sentence, words in (("preview-column", {}), ("preview-column-of-sheet", {"sheet": "S"})):
        rows = ["строк", "строка", "строки", "строк", "строк", "строка", "строка", "строк"]
        said = plural(RU, sentence, column="X", **words)
        assert [one.partition(" · ")[2] for one in said] == each(COUNTS_RU, rows)
        said = plural(EN, sentence, column="X", **words)
        assert [one.partition(" · ")[2] for one in said] == each(COUNTS_EN, either(ONES_EN, "row", "rows"))


def test_sentences_about_numbers_without_a_country_code_have_the_right_ending() -> None:
    numbers = either(ONES_RU, "номера", "номеров")
    wanted = [f"У <b>{c}</b> {n} нет кода страны. Какая это страна?" for c, n in zip(COUNTS_RU, numbers, strict=True)]
    assert plural(RU, "preview-which-country") == wanted
    numbers = either(ONES_EN, "number has", "numbers have")
    wanted = [f"<b>{c}</b> {n} no country code. Which country?" for c, n in zip(COUNTS_EN, numbers, strict=True)]
    assert plural(EN, "preview-which-country") == wanted
    out = either(ONES_RU, "пропущен", "пропущено")
    wanted = [f"{c} без кода страны {one}." for c, one in zip(COUNTS_RU, out, strict=True)]
    assert plural(RU, "preview-left-out") == wanted
    out = either(ONES_EN, "is", "are")
    assert plural(EN, "preview-left-out") == [
        f"{c} without a country code {one} left out." for c, one in zip(COUNTS_EN, out, strict=True)
    ]


def test_sentences_about_what_is_known_have_the_right_ending() -> None:
    days_en = ["in the last 0 days", "in the last day", *(f"in the last {c} days" for c in COUNTS_EN[2:])]
    are = either(ONES_EN, "is", "are")
    assert [texts_known(EN, count) for count in SOME] == [
        f"{c} of 5,000 got a yes or no here {d}; {c} {w} new." for c, w, d in zip(COUNTS_EN, are, days_en, strict=True)
    ]
    last = either(ONES_RU, "последний", "последние")
    words = ["дней", "день", "дня", "дней", "дней", "день", "день", "дней"]
    days_ru = [
        "за последний день" if c == "1" else f"за {one} {c} {w}"
        for c, one, w in zip(COUNTS_RU, last, words, strict=True)
    ]
    assert [texts_known(RU, count) for count in SOME] == [
        f"У {c} из 5\xa0000 здесь уже есть «да» или «нет» {d}; {c} {w}."
        for c, d, w in zip(COUNTS_RU, days_ru, either(ONES_RU, "новый", "новых"), strict=True)
    ]
    for sentence in ("preview-all-known", "find-unknown"):
        words_of = {"count": 5, "number": "+7"}
        assert all(d in one for d, one in zip(days_en, plural(EN, sentence, "days", **words_of), strict=True))
        assert all(d in one for d, one in zip(days_ru, plural(RU, sentence, "days", **words_of), strict=True))
    one, many = (EN.plain("preview-all-known", count=count, days=30) for count in (1, 21))
    assert one == "<b>This number was checked here</b> in the last 30 days. Its result is free."
    assert many == "<b>All 21 were checked here</b> in the last 30 days. Their result is free."
    one, many = (RU.plain("preview-all-known", count=count, days=30) for count in (1, 21))
    assert one == "<b>Этот номер уже проверяли здесь</b> за последние 30 дней. Результат бесплатный."
    assert many == "<b>Все 21 уже проверяли здесь</b> за последние 30 дней. Результат бесплатный."
    new = either(ONES_RU, "новый", "новых")
    assert plural(RU, "button-check-new") == [f"Проверить {c} {w}" for c, w in zip(COUNTS_RU, new, strict=True)]
    left = either(ONES_RU, "неопределённый", "неопределённых")
    assert plural(RU, "button-check-left") == [f"Заново {c} {w}" for c, w in zip(COUNTS_RU, left, strict=True)]
    for at, said in enumerate(plural(RU, "preview-choice", what="undetermined", new="?", all="?")):
        assert said.startswith(f"<b>{COUNTS_RU[at]} {left[at]}</b>: ?")


def texts_known(texts: Texts, count: int) -> str:
    return re.sub("</?b>", "", texts.plain("preview-known", known=count, count=5000, days=count, new=count))


def test_sentences_about_what_was_found_now_and_before_have_the_right_ending() -> None:
    checked, known = either(ONES_RU, "проверен", "проверено"), either(ONES_RU, "известен", "известно")
    assert plural(RU, "summary-checked-now") == [f"сейчас {w} {c}" for c, w in zip(COUNTS_RU, checked, strict=True)]
    assert plural(RU, "summary-recalled") == [
        f"{w} {c} по прошлым проверкам" for c, w in zip(COUNTS_RU, known, strict=True)
    ]
    new, gone = either(ONES_RU, "появился", "появилось"), either(ONES_RU, "пропал", "пропало")
    for at, count in enumerate(SOME):
        said = RU.plain("summary-changed", newly=count, gone=count)
        assert said == f"С прошлой проверки: {new[at]} {COUNTS_RU[at]}, {gone[at]} {COUNTS_RU[at]}."


def test_sentences_about_the_smallest_list_have_the_right_ending() -> None:
    numbers = either(ONES_RU, "номера", "номеров")
    said = plural(RU, "preview-too-small", "minimum")
    assert all(f"от {c} {n}" in one for c, n, one in zip(COUNTS_RU, numbers, said, strict=True))


def test_sentences_about_the_answer_have_the_right_ending() -> None:
    are = either(ONES_EN, "is", "are")
    for sentence, rest in (("summary-answer", {"percent": "0 %"}), ("final-done", {"name": "X"})):
        said = plural(EN, sentence, "yes", **rest, count=1000)
        assert all(f"{c} of 1,000 {one} on Telegram" in text for c, one, text in zip(COUNTS_EN, are, said, strict=True))
        assert all("есть в Telegram" in text for text in plural(RU, sentence, "yes", **rest, count=1000))


def test_sentences_about_what_cannot_be_cancelled_have_the_right_ending() -> None:
    lists = ["списков", "список", "списка", "списков", "списков", "список", "список", "списков"]
    verbs = {
        "cancel-paid": ("оплачен", "оплачены"),
        "cancel-submitting": ("переда", "передаются"),
        "cancel-unsure": ("жд", "ждут"),
    }
    for sentence, (one, several) in verbs.items():
        said = plural(RU, sentence)
        assert all(text.startswith(f"{c} {word} ") for c, word, text in zip(COUNTS_RU, lists, said, strict=True))
        assert [several not in text for text in said] == ONES_RU
        assert all(one in text for text in said)
        said = plural(EN, sentence)
        assert ["lists" not in text for text in said] == ONES_EN


def test_sentences_about_an_accepted_list_have_the_right_ending() -> None:
    beginning = ["Принято", "Принят", "Приняты", "Принято", "Принято", "Принят", "Принят", "Принято"]
    wanted = [f"{b} {n}, проверка скоро начнётся." for b, n in zip(beginning, NUMBERS_RU, strict=True)]
    assert plural(RU, "progress-pending") == wanted
    assert plural(EN, "progress-pending") == [f"Accepted: {n}, waiting for the check to begin." for n in NUMBERS_EN]


def test_sentences_about_lists_whose_charge_is_unknown_have_the_right_ending() -> None:
    wanted = [f"<b>Список, {one}: принят ли он?</b>" for one in NUMBERS_RU]
    assert plural(RU, "admin-unsure-title") == wanted
    assert plural(EN, "admin-unsure-title") == [f"<b>A list of {one}: was it accepted?</b>" for one in NUMBERS_EN]
    lists = ["списков ждут", "список ждёт", "списка ждут", *["списков ждут"] * 2]
    lists += ["список ждёт", "список ждёт", "списков ждут"]
    each_of = either(ONES_RU, "За него", "За каждый из них")
    wanted = [f"<b>{c} {n} решения.</b> {e} могли" for c, n, e in zip(COUNTS_RU, lists, each_of, strict=True)]
    said = plural(RU, "unsure-list-title")
    assert all(text.startswith(one) for text, one in zip(said, wanted, strict=True))
    lists, each_of = either(ONES_EN, "list waits", "lists wait"), either(ONES_EN, "It", "Each")
    wanted = [f"<b>{c} {n} for a decision.</b> {e} may" for c, n, e in zip(COUNTS_EN, lists, each_of, strict=True)]
    said = plural(EN, "unsure-list-title")
    assert all(text.startswith(one) for text, one in zip(said, wanted, strict=True))


@pytest.mark.parametrize(
    ("sentence", "russian", "english"),
    [
        ("stopped", ("Ждёт {} список,", "Ждут {} списка,", "Ждут {} списков,"), ("{} list waits,", "{} lists wait,")),
        (
            "stopped-already",
            ("Ждёт {} список.", "Ждут {} списка.", "Ждут {} списков."),
            ("{} list waits.", "{} lists wait."),
        ),
        (
            "resumed",
            ("Ждал {} список.", "Ждали {} списка.", "Ждали {} списков."),
            ("{} list was waiting.", "{} lists were waiting."),
        ),
        (
            "resumed-already",
            ("Ждёт очереди {} список.", "Ждут очереди {} списка.", "Ждут очереди {} списков."),
            ("{} list waits for its turn.", "{} lists wait for their turn."),
        ),
    ],
)
def test_sentences_about_lists_that_wait_have_the_right_ending(
    sentence: str, russian: tuple[str, str, str], english: tuple[str, str]
) -> None:
    words = {"date": "X", "time": "X"} if sentence == "stopped-already" else {}
    forms = [2, 0, 1, 2, 2, 0, 0, 2]
    said = zip(plural(RU, sentence, **words), COUNTS_RU, forms, strict=True)
    assert all(russian[form].format(count) in text for text, count, form in said if count != "0")
    said = zip(plural(EN, sentence, **words), COUNTS_EN, [int(not one) for one in ONES_EN], strict=True)
    assert all(english[form].format(count) in text for text, count, form in said if count != "0")
    assert "ни один список" in plural(RU, sentence, **words)[0].lower()
    assert "no list" in plural(EN, sentence, **words)[0].lower()


@pytest.mark.parametrize(
    ("amount", "currency", "english", "russian"),
    [
        ("20.08", "USD", "$20.08", "$20,08"),
        ("19.99955", "USD", "$19.99955", "$19,99955"),
        ("20.5", "EUR", "€20.50", "20,50\xa0€"),
        ("20.00001", "EUR", "€20.00001", "20,00001\xa0€"),
        ("1.23456", "RUB", "RUB\xa01.23456", "1,23456\xa0₽"),
        ("5000", "JPY", "¥5,000", "5\xa0000\xa0¥"),
    ],
)
def test_a_balance_is_exact_enough_to_see_a_small_list_in_it(
    amount: str, currency: str, english: str, russian: str
) -> None:
    assert EN.balance(Decimal(amount), currency) == english
    assert RU.balance(Decimal(amount), currency) == russian


def test_sentences_about_what_cannot_be_forgotten_now_have_the_right_ending() -> None:
    lists = ["списков", "список", "списка", "списков", "списков", "список", "список", "списков"]
    for sentence in ("forget-busy", "forget-number-busy"):
        said = plural(RU, sentence)
        assert all(text.startswith(f"{c} {word} ") for c, word, text in zip(COUNTS_RU, lists, said, strict=True))
        assert ["ждёт решения" in text for text in said] == ONES_RU
        assert ["ждут решения" not in text for text in said] == ONES_RU
        said = plural(EN, sentence)
        assert ["lists" not in text for text in said] == ONES_EN
        assert ["waits for" in text for text in said] == ONES_EN


def test_sentences_about_what_is_kept_and_forgotten_have_the_right_ending() -> None:
    days = ["дней", "день", "дня", "дней", "дней", "день", "день", "дней"]
    said = plural(RU, "privacy-lists")
    assert all(f"ещё {c} {word} " in text for c, word, text in zip(COUNTS_RU, days, said, strict=True))
    days = either(ONES_EN, "day", "days")
    said = plural(EN, "privacy-lists")
    assert all(f"until {c} {word} " in text for c, word, text in zip(COUNTS_EN, days, said, strict=True))
    said = plural(RU, "forget-number-done")
    assert ["удалён из него" in text for text in said] == ONES_RU
    lists = either(ONES_RU, "списке", "списках")
    assert all(f"в {c} {word} " in text for c, word, text in zip(COUNTS_RU, lists, said, strict=True))
    lists = either(ONES_EN, "list and", "lists and")
    said = plural(EN, "forget-number-done")
    assert all(f"on {c} {word} " in text for c, word, text in zip(COUNTS_EN, lists, said, strict=True))


def test_a_sentence_about_a_result_that_cannot_be_sent_has_the_right_ending() -> None:
    said = plural(RU, "admin-undeliverable", chat="X")
    assert all(text.startswith(f"Оплаченный результат, {n}, ") for n, text in zip(NUMBERS_RU, said, strict=True))
    said = plural(EN, "admin-undeliverable", chat="X")
    assert all(text.startswith(f"A paid result, {n}, ") for n, text in zip(NUMBERS_EN, said, strict=True))


def test_sentences_of_the_settings_have_the_right_ending() -> None:
    said = plural(RU, "settings-unasked", name="X", date="X")
    assert [one.split(" ")[3] for one in said] == either(ONES_RU, "номера", "номеров")
    said = plural(EN, "settings-unasked", name="X", date="X")
    assert all(f"up to {n} are" in one for n, one in zip(NUMBERS_EN, said, strict=True))
    days = ["дней", "день", "дня", "дней", "дней", "день", "день", "дней"]
    assert plural(RU, "button-set-keep") == each(COUNTS_RU, days)
    assert plural(RU, "settings-keep") == [f"Списки и результаты хранятся {one}." for one in each(COUNTS_RU, days)]
    days = either(ONES_EN, "day", "days")
    assert plural(EN, "button-set-keep") == each(COUNTS_EN, days)
    assert plural(EN, "settings-keep") == [f"Lists and results are kept for {one}." for one in each(COUNTS_EN, days)]
    said = plural(EN, "settings-how-keep", "days")
    assert all(f"longer than {c} {d};" in one for c, d, one in zip(COUNTS_EN, days, said, strict=True))
    days = either(ONES_RU, "дня", "дней")
    said = plural(RU, "settings-how-keep", "days")
    assert all(f"дольше {c} {d};" in one for c, d, one in zip(COUNTS_RU, days, said, strict=True))


def test_sentences_about_an_admins_yes_have_the_right_ending() -> None:
    assert plural(RU, "approval-title", asker="X") == [f"<b>X просит проверить {one}.</b>" for one in NUMBERS_RU]
    assert plural(EN, "approval-title", asker="X") == [f"<b>X asks for a check of {one}.</b>" for one in NUMBERS_EN]
    assert plural(RU, "button-approve") == [f"Одобрить {one}" for one in NUMBERS_RU]
    assert plural(EN, "button-approve") == [f"Approve {one}" for one in NUMBERS_EN]
    more = either(ONES_RU, "номера", "номеров")
    said = plural(RU, "preview-needs-admin", "limit")
    assert all(f"больше {c} {n}," in one for c, n, one in zip(COUNTS_RU, more, said, strict=True))
    said = plural(EN, "preview-needs-admin", "limit")
    assert all(f"more than {n} also" in one for n, one in zip(NUMBERS_EN, said, strict=True))


@pytest.mark.parametrize("sentence", ["quota-reached", "quota-queued", "quota-never"])
def test_sentences_about_quotas_have_the_right_ending(sentence: str) -> None:
    words = {"scope": "chat", "span": "day", "left": 1, "queued": 1, "count": 1, "date": "X", "time": "X"}
    said = plural(RU, sentence, "limit", **words)
    assert all(text.startswith(f"Лимит на чат: {n} в день") for n, text in zip(NUMBERS_RU, said, strict=True))
    said = plural(EN, sentence, "limit", **words)
    assert all(text.startswith(f"Limit per chat: {n} a day") for n, text in zip(NUMBERS_EN, said, strict=True))


def test_counts_of_checks_have_the_right_ending() -> None:
    checks = ["проверок", "проверка", "проверки", "проверок", "проверок", "проверка", "проверка", "проверок"]
    assert plural(RU, "check-of") == each(COUNTS_RU, checks)
    assert plural(EN, "check-of") == each(COUNTS_EN, either(ONES_EN, "check", "checks"))


def test_sentences_about_who_asks_to_use_the_bot_have_the_right_ending() -> None:
    members = ["участников", "участник", "участника", "участников", "участников", "участник", "участник", "участников"]
    said = plural(RU, "access-members", id="X")
    assert said == [f"{one} · id <code>X</code>" for one in each(COUNTS_RU, members)]
    said = plural(EN, "access-members", id="X")
    wanted = each(COUNTS_EN, either(ONES_EN, "member", "members"))
    assert said == [f"{one} · id <code>X</code>" for one in wanted]
    files = ["непрочитанных файлов", "непрочитанный файл", "непрочитанных файла", *["непрочитанных файлов"] * 2]
    files += ["непрочитанный файл", "непрочитанный файл", "непрочитанных файлов"]
    waits = either(ONES_RU, "Ждёт", "Ждут")
    wanted = [f"{w} {one}." for w, one in zip(waits, each(COUNTS_RU, files), strict=True)]
    assert plural(RU, "access-files") == wanted
    wanted = [f"{one} unread." for one in each(COUNTS_EN, either(ONES_EN, "file waits", "files wait"))]
    assert plural(EN, "access-files") == wanted


def test_sentences_about_files_and_requests_that_waited_have_the_right_ending() -> None:
    files = ["файлов, которые", "файл, который", "файла, которые", *["файлов, которые"] * 2]
    files += ["файл, который", "файл, который", "файлов, которые"]
    said = plural(RU, "access-let-in-files")
    assert said == [f"{one} вы прислали, уже читаю." for one in each(COUNTS_RU, files)]
    beginnings = [f"The {count} files you sent are" for count in COUNTS_EN]
    wanted = ["The file you sent is" if one else some for one, some in zip(ONES_EN, beginnings, strict=True)]
    assert plural(EN, "access-let-in-files") == [f"{one} being read." for one in wanted]
    asks = ["запросов", "запрос", "запроса", "запросов", "запросов", "запрос", "запрос", "запросов"]
    waits = either(ONES_RU, "ждёт", "ждут")
    said = plural(RU, "access-many")
    wanted = [f"Ответа {w} {one}," for w, one in zip(waits, each(COUNTS_RU, asks), strict=True)]
    assert all(one in text for one, text in zip(wanted, said, strict=True))
    said = plural(EN, "access-many")
    wanted = each(COUNTS_EN, either(ONES_EN, "request waits", "requests wait"))
    assert all(f" {one} for an answer" in text for one, text in zip(wanted, said, strict=True))


def test_sentences_about_a_check_that_waits_or_moves_have_the_right_ending() -> None:
    lists = ["списков", "список", "списка", "списков", "списков", "список", "список", "списков"]
    wanted = [f"Перед ним в очереди {one} из этого чата." for one in each(COUNTS_RU, lists)]
    assert plural(RU, "progress-before") == wanted
    wanted = each(COUNTS_EN, either(ONES_EN, "list", "lists"))
    assert plural(EN, "progress-before") == [
        f"{one} from this chat {are} ahead of it."
        for one, are in zip(wanted, either(ONES_EN, "is", "are"), strict=True)
    ]
    checked = [*("Проверяется", "Проверяется", "Проверяются"), *["Проверяется"] * 5]
    wanted = [f"{is_checked} {one}. " for is_checked, one in zip(checked, NUMBERS_RU, strict=True)]
    said = plural(RU, "progress-begun")
    assert all(text.startswith(one) for text, one in zip(said, wanted, strict=True))
    wanted = [f"{one} {'is' if is_one else 'are'} being" for one, is_one in zip(NUMBERS_EN, ONES_EN, strict=True)]
    said = plural(EN, "progress-begun")
    assert all(text.startswith(one) for text, one in zip(said, wanted, strict=True))
    of_numbers = each(COUNTS_RU, either(ONES_RU, "номера", "номеров"))
    assert plural(RU, "progress-pace") == [f"Около {one} в минуту." for one in of_numbers]
    assert plural(EN, "progress-pace") == [f"About {one} a minute." for one in NUMBERS_EN]
    said = plural(RU, "progress-pace-slower")
    assert said == [f"Медленнее, чем раньше: сейчас около {one} в минуту." for one in of_numbers]
    said = plural(EN, "progress-pace-slower")
    assert said == [f"Slower than before: about {one} a minute now." for one in NUMBERS_EN]


def test_how_long_files_are_kept_has_the_right_ending() -> None:
    days = ["дней", "день", "дня", "дней", "дней", "день", "день", "дней"]
    wanted = [f"Файлы хранятся {one} после того, как список закончен." for one in each(COUNTS_RU, days)]
    assert plural(RU, "help-kept") == wanted
    wanted = [f"Files are kept for {one} after" for one in each(COUNTS_EN, either(ONES_EN, "day", "days"))]
    said = plural(EN, "help-kept")
    assert all(text.startswith(one) for text, one in zip(said, wanted, strict=True))


FEW_LIKE_MANY = frozenset(
    {
        # the genitive after a preposition: «у двух номеров», «больше двух номеров»
        *("preview-which-country", "preview-too-small", "preview-needs-admin", "progress-pace", "progress-pace-slower"),
        *("settings-unasked", "settings-how-keep"),
        # impersonal: «два отклонено», «два пропущено»
        *("preview-rejected", "preview-left-out", "summary-rejected", "summary-sent"),
        *("summary-checked-now", "summary-recalled", "summary-changed"),
        # without its noun: «два новых»
        *("button-check-new", "preview-known new", "button-check-left", "preview-choice"),
        # the prepositional: «на двух списках»
        "forget-number-done",
    }
)
"""Russian sentences in which two numbers are said as five are."""


def selected(node: object) -> dict[str, set[str]]:
    """Give the words by whose count a sentence chooses its form, each with the forms there are."""
    found: dict[str, set[str]] = {}
    if isinstance(node, ftl.SelectExpression) and isinstance(node.selector, ftl.VariableReference):
        forms = {variant.key.name if isinstance(variant.key, ftl.Identifier) else "" for variant in node.variants}
        if "one" in forms:
            found[node.selector.id.name] = forms
    for value in vars(node).values() if isinstance(node, ftl.BaseNode) else ():
        for inner in value if isinstance(value, list) else [value]:
            for word, forms in selected(inner).items():
                found.setdefault(word, set()).update(forms)
    return found


def numbered(node: object) -> set[int]:
    """Give the counts for which a sentence has a form of their own."""
    own = {int(node.value)} if isinstance(node, ftl.NumberLiteral) else set()
    for value in vars(node).values() if isinstance(node, ftl.BaseNode) else ():
        for inner in value if isinstance(value, list) else [value]:
            own |= numbered(inner)
    return own


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_every_count_is_said_like_the_others_of_its_kind(texts: Texts) -> None:
    kinds = {"ru": ((0, 5, 11, 1000), (1, 21, 101), (2, 22)), "en": ((0, 2, 5, 11, 21, 1000), (1,))}[texts.language]
    judged = 0
    for name, message in sentences(texts.language).items():
        words = dict.fromkeys(variables(message), "X")
        alone = numbered(message)  # counts with words of their own: none at all, the last day
        for word, forms in selected(message).items():
            without = {
                count: re.sub(rf"(?<![\d\xa0]){re.escape(texts.number(count))}(?!\d)", "N", one)
                for count in (count for kind in kinds for count in kind)
                for one in [texts.plain(name, **(words | {word: count}))]
                if count not in alone
            }
            for kind in kinds:
                assert len({without[count] for count in kind if count in without}) <= 1, (name, kind)
            judged += 1
            if texts.language == "ru":
                assert (forms & {"few"} == set()) is bool({name, f"{name} {word}"} & FEW_LIKE_MANY), (name, word)
                assert forms <= {"one", "few", "many", "other", ""}, name
    assert judged >= 40


def test_every_sentence_with_plural_forms_is_judged_here() -> None:
    judged = Path(__file__).read_text(encoding="utf-8")
    for language in ("en", "ru"):
        text = (LOCALES / f"{language}.ftl").read_text(encoding="utf-8")
        for entry in FluentParser().parse(text).body:
            if (
                isinstance(entry, ftl.Message)
                and "SelectExpression" in str(entry.to_json())
                and "[one]" in (text[entry.span.start : entry.span.end] if entry.span else "")
            ):
                assert f'"{entry.id.name}"' in judged, entry.id.name


def test_what_people_wrote_is_escaped_in_messages_and_left_alone_elsewhere() -> None:
    assert EN.say("title", name="<b>&", starter="A&B") == "<b>&lt;b&gt;&amp;</b> · A&amp;B"
    assert EN.say("title", name=Html("<i>x</i>"), starter="") == "<b><i>x</i></b> · "
    assert EN.plain("button-cancel-one", name="<b>&") == "Cancel <b>&"


def test_a_sentence_that_is_missing_or_lacks_a_word_is_a_bug() -> None:
    with pytest.raises(SentenceError):
        EN.say("no-such-sentence")
    with pytest.raises(SentenceError):
        EN.say("title", name="x")


@pytest.mark.parametrize(
    ("part", "whole", "digits", "english", "russian"),
    [
        (3046, 4912, 1, "62.0", "62,0"),
        (0, 10, 1, "0.0", "0,0"),
        (10, 10, 1, "100.0", "100,0"),
        (1, 10_000_000, 1, "0.1", "0,1"),
        (9_999_999, 10_000_000, 1, "99.9", "99,9"),
        (0, 0, 1, "0.0", "0,0"),
        (61, 100, 0, "61", "61"),
        (1, 1000, 0, "1", "1"),
        (999, 1000, 0, "99", "99"),
    ],
)
def test_a_share_is_never_more_than_it_is(part: int, whole: int, digits: int, english: str, russian: str) -> None:
    assert EN.percent(part, whole, digits=digits) == f"{english}\xa0%"
    assert RU.percent(part, whole, digits=digits) == f"{russian}\xa0%"


@pytest.mark.parametrize(
    ("amount", "currency", "english", "russian"),
    [
        ("0.7368", "USD", "$0.74", "$0,74"),
        ("1234567.891", "USD", "$1,234,567.89", "$1\xa0234\xa0567,89"),
        ("0", "USD", "$0.00", "$0,00"),
        ("0.0009", "USD", "less than $0.01", "меньше $0,01"),
        ("0.5", "EUR", "€0.50", "0,50\xa0€"),
        ("0.4", "JPY", "less than ¥1", "меньше 1\xa0¥"),
        ("12", "RUB", "RUB\xa012.00", "12,00\xa0₽"),
        ("2", "XQZ", "XQZ\xa02.00", "2,00\xa0XQZ"),
    ],
)
def test_money_is_written_as_people_write_it(amount: str, currency: str, english: str, russian: str) -> None:
    assert EN.money(Decimal(amount), currency) == english
    assert RU.money(Decimal(amount), currency) == russian


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0, "less than a minute", "меньше минуты"),
        (44, "less than a minute", "меньше минуты"),
        (45, "1 min", "1 мин"),
        (100, "2 min", "2 мин"),
        (3569, "59 min", "59 мин"),
        (3599, "1 h", "1 ч"),
        (3700, "1 h 2 min", "1 ч 2 мин"),
        (9 * 3600 + 1800, "9 h 30 min", "9 ч 30 мин"),
        (10 * 3600 + 1900, "11 h", "11 ч"),
        (833_333, "231 h", "231 ч"),
    ],
)
def test_a_length_of_time_is_as_exact_as_people_want_it(seconds: float, english: str, russian: str) -> None:
    assert EN.duration(seconds) == english
    assert RU.duration(seconds) == russian


def test_times_and_days_are_named() -> None:
    assert (EN.clock(1_790_000_000), RU.clock(1_790_000_000)) == ("14:13 UTC", "14:13 UTC")
    assert (EN.month(1_790_000_000), RU.month(1_790_000_000)) == ("September 2026", "сентябрь 2026\u202fг.")
    assert (EN.day(1_790_000_000), RU.day(1_790_000_000)) == ("Sep 21, 2026", "21 сент. 2026\u202fг.")


def test_in_a_message_each_reader_sees_times_in_their_own_zone() -> None:
    assert EN.clock_there(1_790_000_000.9) == '<tg-time unix="1790000000" format="t">14:13 UTC</tg-time>'
    assert RU.day_there(1_790_000_000) == '<tg-time unix="1790000000" format="D">21 сент. 2026\u202fг.</tg-time>'


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("RU", "ru"), ("en", "en"), ("uk", "en"), ("", "en"), (None, "en")],
)
def test_the_language_is_russian_for_who_reads_it_and_english_for_all_others(code: str | None, language: str) -> None:
    assert language_of(code) == language


def test_countries_have_names_and_flags() -> None:
    assert (EN.flagged("KE"), RU.flagged("KE")) == ("🇰🇪 Kenya", "🇰🇪 Кения")
    assert (EN.flagged("001"), RU.flagged("001")) == ("International", "Международный")
    assert EN.flagged("XK") == "🇽🇰 Kosovo"
    assert (flag("001"), flag(""), flag("ru")) == ("", "", "")


@given(text=st.text(max_size=60))
def test_a_name_that_is_no_country_is_none(text: str) -> None:
    found = EN.region_named(text)

    assert found is None or len(found) == 2


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_the_profile_fits_into_what_telegram_takes(texts: Texts) -> None:
    for sentence, most in (("profile-name", 64), ("profile-short", 120), ("profile-about", 512)):
        assert 1 <= len(texts.plain(sentence)) <= most
    for command in COMMANDS:
        assert re.fullmatch("[a-z0-9_]{1,32}", command)
        assert 1 <= len(texts.plain(f"command-{command}")) <= 256


@pytest.mark.parametrize("language", ["en", "ru"])
def test_answers_to_presses_fit_and_hold_no_html(language: str) -> None:
    texts = load_texts()[language]
    for name, message in sentences(language).items():
        if name.startswith("press-") or name in {"error", "language-set"}:
            said = texts.plain(name, **dict.fromkeys(variables(message), "X" * 64))
            assert len(said.encode("utf-16-le")) // 2 <= 200
            assert not re.search("[<>]", said)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_tone_is_calm_and_the_marks_are_those_of_print(language: str) -> None:
    for line in (LOCALES / f"{language}.ftl").read_text(encoding="utf-8").splitlines():
        assert "!" not in line, line
        assert "'" not in line, line
        assert '"' not in line, line
        assert not re.search(r"please wait|подожди|Пожалуйста|please", line, re.IGNORECASE), line
