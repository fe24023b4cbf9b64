"""What may go wrong with an answer of either server, as it is armed in a simulation: everything that the chaos knows,
and what is too rare or too slow for it."""

from typing import Any

from tests.chaos.weather import CHECKER, INTERNAL

Trouble = tuple[str, dict[str, Any]]
"""The name of a fault, and what it looks like."""

CUTS = ("submit_cut_before", "submit_cut_after", "submit_cut_during", "submit_half_answer")


def _of_the_chaos() -> list[Trouble]:
    """Give each form of each fault once."""
    found = {str(form): (name, form) for name, (_, forms) in CHECKER.items() for form in forms if form}
    return [*found.values(), *((name, {}) for name, (_, forms) in CHECKER.items() if {} in forms)]


API: tuple[Trouble, ...] = (
    *_of_the_chaos(),
    *((name, {}) for name in (*CUTS, *CUTS, "task_stalls", "task_forgotten", "result_missing", "result_unclear")),
    ("submit_answer", {"status": 400, "body": {"error": "bad_request"}}),
    ("submit_answer", {"status": 401, "body": {"error": "unauthorized"}}),
    ("submit_answer", {"status": 402, "body": {"error": "insufficient_balance"}}),
    ("submit_answer", {"status": 413, "body": {"error": "file_too_large"}}),
    ("submit_answer", {"status": 200, "body": "{}", "charged": True}),
    ("submit_answer", {"status": 200, "body": "<html>", "charged": True}),
    ("submit_answer", {"status": 307, "body": "", "headers": {"Location": "http://127.0.0.1:1/"}}),
    ("submit_hang", {"seconds": 5.0, "charged": True}),
    ("submit_hang", {"seconds": 200.0, "charged": True}),
    ("status_hang", {"seconds": 40.0}),
    ("result_hang", {"seconds": 30.0}),
    ("balance_answer", INTERNAL),
    ("result_foreign", {"rows": 2}),
    ("result_repeated", {"share": 0.5, "contradicting": True}),
    ("result_file", {"data": b"Number,telegram\nnothing,yes\n"}),
)
SUBMIT: tuple[Trouble, ...] = (
    *(one for one in API if one[0].startswith("submit_")),
    *((name, {}) for name in CUTS),
    *(one for one in API if one[1].get("charged")),
)
"""What may go wrong with the one request that costs money."""
PASSING = ("cut_before", "cut_after", "cut_after", "bad_gateway", "server_error", "not_json", "flood_bare")
METHODS = ("sendMessage", "editMessageText", "sendDocument", "getUpdates", "answerCallbackQuery")
TELEGRAM: tuple[Trouble, ...] = (
    *((name, {"method": method}) for name in PASSING for method in METHODS),
    *(("flood", {"method": method, "seconds": seconds}) for method in METHODS for seconds in (3, 70)),
    *(("slow", {"method": method, "seconds": seconds}) for method in METHODS for seconds in (4.0, 40.0)),
    *(("too_large", {"method": "sendDocument"}),) * 2,
    ("unauthorized", {"method": "getUpdates"}),
    *(("duplicate_update", {}), ("bad_update", {}), ("conflict", {}), ("file_unreachable", {"status": 500})) * 3,
)
