import itertools
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.job import Failure, Job, JobState, Waiting
from bot.pace import STALLED_SECONDS
from bot.preview import Terms
from bot.progress import bar, being_read, failed, progress, refused
from bot.texts import Texts, load_texts
from bot.unsure import unsure
from tests.fakes import LONG_NAME, MOST, NOW, TEAM, a_job, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
TERMS = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
CHECKING = a_job(
    state=JobState.CHECKING,
    valid=4912,
    done=2996,
    task_id="task-7",
    state_since=NOW - 300.0,
    submitted_at=NOW - 300.0,
    moved_at=float(NOW),
    pace=2996 / 300,
)


def said(job: Job, texts: Texts = EN, now: float = NOW) -> list[str]:
    return seen(progress(job, TERMS, texts, now).text).split("\n")


def test_the_progress_moves_counts_and_lets_the_person_go() -> None:
    assert said(CHECKING) == [
        "base_nov.txt · Anna",
        "▓▓▓▓▓▓░░░░ 61\xa0%",
        "2,996 of 4,912 · about 3 min left",
        "About 600 numbers a minute.",
        "You can put the phone away: the result will come as a new message.",
    ]
    assert said(CHECKING, RU)[1:] == [
        "▓▓▓▓▓▓░░░░ 61\xa0%",
        "2\xa0996 из 4\xa0912 · осталось около 3 мин",
        "Около 600 номеров в минуту.",
        "Телефон можно убрать: результат придёт новым сообщением.",
    ]


def test_a_list_that_is_being_read_says_how_far() -> None:
    drawn = being_read(a_job(state=JobState.READING), 40, EN)
    assert seen(drawn.text).split("\n") == ["base_nov.txt · Anna", "▓▓▓▓░░░░░░ 40\xa0%", "Reading the list."]
    assert drawn.rows == ()
    assert seen(being_read(a_job(state=JobState.READING), 40, RU).text).endswith("Читаю список.")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"done": 0}, "Accepted: 4,912 numbers, waiting for the check to begin."),
        ({"done": 4900}, "4,900 of 4,912 · less than a minute left"),
        ({"done": 4912}, "4,912 of 4,912"),
        ({"done": 9999}, "4,912 of 4,912"),
        ({"waiting": Waiting.RESULT}, "4,912 of 4,912 checked. Fetching the result."),
    ],
)
def test_each_stage_of_a_check_has_its_words(changed: dict[str, object], words: str) -> None:
    assert words in said(replace(CHECKING, **changed))  # type: ignore[arg-type]


def test_what_stands_still_is_said_with_the_task_and_without_a_guess() -> None:
    later = NOW + 1800.0

    assert said(CHECKING, now=later)[2:4] == [
        "2,996 of 4,912",
        "No progress since 14:13 UTC. I keep asking. Task task-7",
    ]
    waiting = replace(CHECKING, waiting=Waiting.RESULT)
    assert said(waiting, now=later)[1] == "4,912 of 4,912 checked. Fetching the result."
    assert said(waiting, now=NOW + 3600.0)[1] == (
        "4,912 of 4,912 checked, but the result cannot be fetched yet. I keep trying. Task task-7"
    )


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("waiting", [None, *(one for one in Waiting if one is not Waiting.RESULT)])
def test_while_queued_it_says_why_that_nothing_is_charged_and_can_be_cancelled(
    texts: Texts, waiting: Waiting | None
) -> None:
    drawn = progress(a_job(state=JobState.QUEUED, valid=5, waiting=waiting), TERMS, texts, NOW)

    assert drawn.text.endswith(("Nothing is charged yet.", "Деньги ещё не списаны."))
    assert [[button.data for button in row] for row in drawn.rows] == [["cancel:tokentokentoken1:"]]


@pytest.mark.parametrize("state", [JobState.SUBMITTING, JobState.CHECKING, JobState.DELIVERING])
def test_what_cannot_be_cancelled_has_no_button_for_it(state: JobState) -> None:
    assert progress(replace(CHECKING, state=state), TERMS, EN, NOW).rows == ()


@pytest.mark.parametrize(
    ("done", "whole", "drawn"),
    [
        (0, 10, "░░░░░░░░░░"),
        (9, 100, "░░░░░░░░░░"),
        (10, 100, "▓░░░░░░░░░"),
        (99, 100, "▓▓▓▓▓▓▓▓▓░"),
        (5, 5, "▓▓▓▓▓▓▓▓▓▓"),
        (0, 0, "░░░░░░░░░░"),
    ],
)
def test_only_what_is_finished_is_full(done: int, whole: int, drawn: str) -> None:
    assert bar(done, whole) == drawn


@pytest.mark.parametrize(
    ("changed", "later", "english", "russian"),
    [
        (
            {"pace": 1.0},
            0,
            "Slower than before: about 60 numbers a minute now.",
            "Медленнее, чем раньше: сейчас около 60 номеров в минуту.",
        ),
        ({"pace": 0.001}, 0, "Slower than before: about 1 number a minute now.", "сейчас около 1 номера в минуту."),
        ({"pace": 207.3}, 0, "About 12,000 numbers a minute.", "Около 12\xa0000 номеров в минуту."),
        (
            {},
            8 * 60,
            "No progress for 6 min, so I do not guess how long it will take.",
            "Уже 6 мин без движения, поэтому сколько осталось, не гадаю.",
        ),
        ({"done": 0}, 3 * 60, "It has waited for 3 min so far.", "Ждёт уже 3 мин."),
        (
            {"done": 0, "task_status": "processing"},
            0,
            "4,912 numbers are being checked. The checking service does not say yet how many are done.",
            "Проверяется 4\xa0912 номеров. Сколько уже готово, сервис проверки пока не говорит.",
        ),
        ({"done": 0, "task_status": "processing"}, 29 * 60, "No progress for 27 min", "Уже 27 мин без движения"),
    ],
)
def test_a_check_that_slows_down_waits_or_stands_still_says_so(
    changed: dict[str, object], later: int, english: str, russian: str
) -> None:
    job = replace(CHECKING, **changed)  # type: ignore[arg-type]

    assert english in "\n".join(said(job, now=NOW + later))
    assert russian in "\n".join(said(job, RU, now=NOW + later))
    assert ("left" in "\n".join(said(job, now=NOW + later))) is (later == 0 and job.done > 0)


def test_a_check_that_stands_still_is_redrawn_every_three_minutes_at_most() -> None:
    drawn = [progress(CHECKING, TERMS, EN, NOW + at).digest for at in range(0, STALLED_SECONDS, 30)]

    assert sum(one != other for one, other in itertools.pairwise(drawn)) == 9


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.SUBMITTING, JobState.CHECKING])
def test_a_check_of_a_part_of_the_list_says_so(state: JobState) -> None:
    part = replace(CHECKING, state=state, valid=4912, known=4725, to_check=187)
    assert said(part)[1] == "To check: 187 of 4,912. The others have their yes or no already."
    assert said(part, RU)[1] == "К проверке: 187 из 4\xa0912. Про остальные ответ уже есть."
    assert "The others" not in " ".join(said(replace(part, to_check=4912)))
    assert "The others" not in " ".join(said(replace(part, state=JobState.DELIVERING, to_check=0)))


def test_who_waits_in_the_queue_knows_how_many_lists_of_the_chat_came_before() -> None:
    job = a_job(state=JobState.QUEUED, valid=5, waiting=Waiting.BUSY)

    drawn = seen(progress(job, TERMS, EN, NOW, before=3).text)
    assert drawn.endswith("Nothing is charged yet.\n3 lists from this chat are ahead of it.")


ENDS = {
    JobState.DONE: "base_nov.txt: 3 of 4,912 are on Telegram. The result is below.",
    JobState.CANCELLED: "base_nov.txt: cancelled. Nothing was charged.",
    JobState.EXPIRED: "base_nov.txt: no press in three days, so I put it away. Nothing was charged.",
    JobState.CLOSED: (
        "base_nov.txt: closed. I do not know whether it was charged; the account at the checking service shows it."
    ),
    JobState.UNSURE: "base_nov.txt: I do not know whether the list was accepted. My question is below.",
    JobState.FAILED: "base_nov.txt: the check gave no result. The details are below.",
    JobState.UNDELIVERABLE: "base_nov.txt: the result is ready, but I could not send it here. /jobs has it.",
}


@pytest.mark.parametrize("state", ENDS)
def test_every_end_is_one_short_line(state: JobState) -> None:
    job = replace(CHECKING, state=state, yes=3, no=4909)

    assert said(job) == [ENDS[state]]
    assert len(said(job, RU)) == 1
    assert bool(progress(job, TERMS, EN, NOW).rows) is (state is JobState.EXPIRED)


def test_a_result_nobody_understood_promises_no_counts() -> None:
    assert said(replace(CHECKING, state=JobState.DONE)) == ["base_nov.txt: checked. The file is below."]


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize(
    "failure",
    [Failure.NOT_TEXT, Failure.EMPTY, Failure.TOO_BIG, Failure.NO_NUMBERS, Failure.FILE_GONE, Failure.UNREADABLE],
)
def test_what_is_no_list_hears_why_and_that_nothing_was_charged(texts: Texts, failure: Failure) -> None:
    job = a_job(state=JobState.REFUSED, failure=failure, detail="20" if failure is Failure.TOO_BIG else None)

    drawn = progress(job, TERMS, texts, NOW)
    assert drawn == refused(job, failure, job.detail, texts)
    assert drawn.text.endswith(("Nothing was charged.", "Деньги не списаны."))
    assert drawn.rows == ()
    assert ("20" in drawn.text) is (failure is Failure.TOO_BIG)


def test_a_list_the_api_refused_hears_its_words_and_can_be_opened_again() -> None:
    job = a_job(state=JobState.REFUSED, failure=Failure.REFUSED_BY_API, detail="<b>no</b>\nsuch type")

    drawn = progress(job, TERMS, EN, NOW)
    assert drawn.text.split("\n")[1] == "It answered: <code>&lt;b&gt;no&lt;/b&gt; such type</code>"
    assert drawn.rows[0][0].label == "Open again"
    assert len(progress(replace(job, detail=None), TERMS, EN, NOW).text.split("\n")) == 1


def test_the_open_question_says_what_happened_what_it_may_cost_and_promises() -> None:
    job = a_job(
        state=JobState.UNSURE, valid=4912, attempts=2, submitted_at=float(NOW), failure=Failure.CONNECTION_BROKE
    )

    drawn = unsure(job, TERMS, EN)
    assert seen(drawn.text).split("\n") == [
        "base_nov.txt: was the list accepted?",
        "I sent it at 14:13 UTC, and the connection broke before an answer came.",
        "It may have been charged, about $0.74.",
        "I will not send it again by myself.",
    ]
    assert [row[0].data for row in drawn.rows] == ["again:tokentokentoken1:2", "close:tokentokentoken1:"]
    stopped = seen(unsure(replace(job, failure=Failure.STOPPED_MIDWAY, to_check=5), TERMS, RU).text).split("\n")
    assert stopped[1:3] == [
        "Я отправлял его в 14:13 UTC, но меня перезапустили, и ответа я не увидел.",
        "Могли быть списаны деньги, меньше $0,01.",
    ]
    assert "It <b>may have been charged</b>." in unsure(job, replace(TERMS, price_per_1000=None), EN).text


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_a_failed_check_says_what_happened_and_what_to_do(texts: Texts) -> None:
    job = replace(CHECKING, state=JobState.FAILED, detail="quota")
    told = {
        failure: failed(replace(job, failure=failure), texts).text
        for failure in (None, Failure.TASK_FAILED, Failure.TASK_UNKNOWN, Failure.TASK_STALLED)
    }

    assert told[None] == told[Failure.TASK_FAILED]
    assert len(set(told.values())) == 3
    assert all("<code>task-7</code>" in text and "<code>quota</code>" in text for text in told.values())


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_a_failed_check_of_a_named_task_claims_no_charge_and_says_where_to_look(texts: Texts) -> None:
    job = replace(CHECKING, state=JobState.FAILED, detail="quota")
    told = {
        failed(replace(job, failure=failure), texts, named=True).text
        for failure in (Failure.TASK_FAILED, Failure.TASK_UNKNOWN, Failure.TASK_STALLED)
    }

    assert len(told) == 3
    for text in told:
        assert ("may have been charged" if texts is EN else "могли быть списаны деньги") in text
        assert not any(sure in text for sure in ("was charged", "списаны</b>"))
        assert "<code>task-7</code>" in text
        assert "/check" in text
        assert "14:08 UTC" in text


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("state", list(JobState))
def test_the_longest_names_and_words_fit(texts: Texts, state: JobState) -> None:
    job = replace(
        CHECKING,
        state=state,
        name=LONG_NAME,
        starter_name=LONG_NAME,
        detail="😀" * 5000,
        valid=MOST,
        done=MOST - 1,
        task_id="t" * 64,
        failure=Failure.REFUSED_BY_API if state is JobState.REFUSED else None,
    )
    if state not in {JobState.READING, JobState.CONFIRMING}:
        assert units(progress(job, TERMS, texts, NOW + 9999.0).text) <= 4096
    assert units(unsure(job, TERMS, texts).text) <= 4096
    assert units(failed(job, texts).text) <= 4096
    assert units(failed(job, texts, named=True).text) <= 4096


NUMBER = "+79123454567"
HIDDEN = re.compile("9123454567|345-?45")


@pytest.mark.parametrize("state", [state for state in JobState if state not in {JobState.READING, JobState.CONFIRMING}])
@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_in_a_group_every_message_says_who_started_it_and_no_number(texts: Texts, state: JobState) -> None:
    failure = Failure.REFUSED_BY_API if state is JobState.REFUSED else Failure.TASK_FAILED
    job = replace(
        CHECKING,
        chat_id=TEAM["id"],
        state=state,
        failure=failure,
        name=f"{NUMBER}.txt",
        starter_name=f"Anna {NUMBER}",
        detail=f"the line {NUMBER} is none",
    )
    drawn = [progress(job, TERMS, texts, NOW), failed(job, texts), refused(job, Failure.EMPTY, None, texts)]
    drawn += [unsure(job, TERMS, texts), progress(replace(job, failure=Failure.EMPTY), TERMS, texts, NOW)]

    for card in drawn:
        assert "+7912*****67.txt · Anna +7912*****67" in seen(card.text)
        assert not HIDDEN.search(card.text)
    assert "Anna" not in failed(replace(job, chat_id=11), texts).text


def test_the_words_of_the_api_are_whole_in_private() -> None:
    job = replace(CHECKING, state=JobState.FAILED, failure=Failure.TASK_FAILED, detail=f"the line {NUMBER} is none")

    assert NUMBER in failed(job, EN).text


def test_counts_that_a_group_has_heard_are_not_called_undeliverable() -> None:
    kept = replace(CHECKING, state=JobState.UNDELIVERABLE, yes=1, chat_id=TEAM["id"], counted_at=float(NOW))

    assert said(kept) == ["base_nov.txt · Anna: 1 of 4,912 is on Telegram. The result is below."]
    assert "/jobs" in said(replace(kept, counted_at=None))[0]
