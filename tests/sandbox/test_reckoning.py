import io
from dataclasses import replace

import pytest
from openpyxl import Workbook

from sandbox.calls import Call
from sandbox.check_api import CheckServer
from sandbox.ledger import Leak, Refusal
from sandbox.reckoning import Reckoning, Shown, disagreements, mistakes, sheet

NUMBERS = ("+1", "+2", "+3", "+4")
VERDICTS = ("yes", "no", "yes", "undetermined")
TRUTH = Reckoning(1, NUMBERS, VERDICTS)
CAPTION = "2 of 4 are on Telegram · 50.0 %\nNo: 1 · 25.0 %\nUndetermined: 1 · 25.0 %\n4 sent"


def workbook(verdicts: tuple[str, ...] = VERDICTS, yes: int = 2) -> bytes:
    book = Workbook()
    result = book.active
    assert result is not None
    result.title = "Result"
    result.append(["Number", "telegram", "Country"])
    for number, verdict in zip(NUMBERS, verdicts, strict=True):
        result.append([number, verdict, None])
    summary = book.create_sheet("Summary")
    for row in (["sent", 4], ["yes", yes, 0.5], ["no", 1], ["undetermined", 1]):
        summary.append(row)
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return stream.getvalue()


SHOWN = Shown("Check 4 numbers", CAPTION, workbook(), b"+1\n+3\n")


def test_what_is_true_agrees() -> None:
    assert disagreements(SHOWN, TRUTH) == []


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (replace(SHOWN, button="Check 5 numbers"), "the button"),
        (replace(SHOWN, caption=CAPTION.replace("2 of 4", "3 of 4")), "the summary"),
        (replace(SHOWN, caption="2 of 4 are on Telegram"), "the summary"),
        (replace(SHOWN, workbook=workbook(("yes", "yes", "no", "undetermined"))), "the rows of the sheet Result"),
        (replace(SHOWN, workbook=workbook(yes=3)), "the sheet Summary"),
        (replace(SHOWN, only_yes=b"+1\n"), "the file with only yes"),
    ],
)
def test_each_thing_that_was_shown_wrong_is_named(shown: Shown, said: str) -> None:
    (found,) = disagreements(shown, TRUTH)

    assert found.startswith(said)


@pytest.mark.parametrize("charges", [0, 2])
def test_a_charge_too_few_or_too_many_is_named(charges: int) -> None:
    assert disagreements(SHOWN, replace(TRUTH, charges=charges)) == [f"the ledger has {charges} charges instead of 1"]


@pytest.mark.parametrize("caption", ["1,234 of 5,678", "1\u00a0234 из 5\u00a0678 · 21,7 %"])
def test_grouped_digits_are_one_number(caption: str) -> None:
    numbers = tuple(f"+{place}" for place in range(5678))
    truth = Reckoning(1, numbers, ("yes",) * 1234 + ("no",) * 4444)

    found = disagreements(replace(SHOWN, caption=f"{caption}\nNo: 4444\nUndetermined: 0"), truth)

    assert not [sentence for sentence in found if sentence.startswith("the summary")]


def test_a_sheet_is_read_as_texts() -> None:
    assert sheet(workbook(), "Summary")[:2] == [("sent", "4", ""), ("yes", "2", "50.0%")]
    assert sheet(workbook(), "Rejected") == []


def test_the_truth_is_read_from_the_ledger() -> None:
    checker = CheckServer("key")
    assert Reckoning.of(checker) == Reckoning(0, (), ())
    checker.charge(("+12025550101", "+12025550102"))

    truth = Reckoning.of(checker)

    assert (truth.charges, truth.numbers) == (1, ("+12025550101", "+12025550102"))
    assert truth.verdicts == tuple(map(checker.verdict_of, truth.numbers))
    assert sum(truth.counts) == 2


def test_every_request_that_no_client_should_make_is_named() -> None:
    checker = CheckServer("key")
    checker.note(Refusal(0.0, "POST", "/v1/tasks", 400, "no file"))
    checker.note(Leak(0.0, "/results/1.xlsx", "X-API-Key"))
    call = Call("sendMessage", {}, ok=False, error_code=400, description="chat not found", at=0.0)

    assert mistakes([call], checker) == [
        "Telegram refused sendMessage: chat not found",
        "the checking API refused POST /v1/tasks: no file",
        "the API key was in X-API-Key of /results/1.xlsx",
    ]
