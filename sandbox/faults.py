"""The named faults of both servers.

A fault is armed by name, for a number of times, and taken by the server at the place where it strikes. Nothing happens
that was not armed: without faults both servers keep to their documents.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

TELEGRAM_FAULTS = {
    "flood": "429 with retry_after (options: method, chat_id, seconds)",
    "flood_bare": "429 without retry_after, as a proxy in front of Telegram answers (options: method)",
    "bad_gateway": "502 with an HTML page (options: method)",
    "server_error": "500 with a JSON body (options: method)",
    "cut_before": "the connection is cut and the call is not done (options: method)",
    "cut_after": "the call is done and the connection is cut without an answer (options: method)",
    "slow": "the answer is held back (options: method, seconds)",
    "refuse": "any refusal (options: method, chat_id, code, description, parameters)",
    "unauthorized": "401, as after the token was revoked (options: method)",
    "too_large": "413, as a proxy answers an upload that is too big (options: method)",
    "bad_update": "an update of a shape nobody knows stands among the others (options: update)",
    "not_json": "200 whose body is no JSON (options: method)",
    "conflict": "409, another getUpdates is running",
    "duplicate_update": "the next update is given twice, the second time with a new update_id",
    "file_unreachable": "getFile succeeds and the download of the file fails (options: status)",
}

# The options of an answer are status, body (text, bytes, or an object for JSON), content_type and headers.
CHECK_FAULTS = {
    "submit_answer": "any answer to a submit (options: those of an answer, charged; a text may say {task_id})",
    "submit_answer_early": "any answer to a submit before its file was read (options: those of an answer)",
    "submit_cut_during": "the connection breaks in the middle of the file, nothing is charged (options: after, reset)",
    "submit_cut_before": "the connection breaks after the request was read, nothing is charged (options: reset)",
    "submit_cut_after": "the task is created and charged, then the connection breaks unanswered (options: reset)",
    "submit_half_answer": "the task is created and charged, then the connection breaks in the middle of the answer",
    "submit_large": "the task is charged, and the answer is so large (options: size)",
    "submit_hang": "the submit is charged and the answer is held back (options: seconds, charged)",
    "status_answer": "any answer to a status question (options: task_id, those of an answer)",
    "status_cut": "the connection breaks at a status question (options: task_id, reset)",
    "status_half_answer": "the connection breaks in the middle of the answer to a status question (options: task_id)",
    "status_large": "the answer to a status question is so large (options: task_id, size)",
    "status_drip": "the answer to a status question comes a byte at a time (options: task_id, seconds)",
    "status_hang": "the answer to a status question is held back (options: task_id, seconds)",
    "task_fails": "the task ends as failed (options: task_id, message, at: the share of its numbers)",
    "task_stalls": "the task stands still until it is released (options: task_id, at: the share of its numbers)",
    "task_forgotten": "the task is not known any more: 404, from the next question on (options: task_id)",
    "unknown_status": "the task's status is a word nobody knows (options: task_id, word)",
    "balance_answer": "any answer to a question for the balance (options: those of an answer)",
    "result_answer": "any answer to a download (options: task_id, those of an answer)",
    "result_expired": "the link has expired already; a fresh one works (options: task_id)",
    "result_moved": "the link answers with a redirect to another link that works (options: task_id, location)",
    "result_cut": "the connection breaks in the middle of a download (options: task_id, after: bytes, reset)",
    "result_truncated": "the download ends early as if it were complete (options: task_id, after: bytes)",
    "result_hang": "the download is held back (options: task_id, seconds, after: bytes sent before)",
    "result_drip": "the download comes a byte at a time (options: task_id, seconds, after: bytes sent before)",
    "result_endless": "the download begins well and never ends (options: task_id)",
    "result_large": "the download begins well and is so large (options: task_id, size, told: whether its head says so)",
    "result_file": "the result is these bytes whatever the task found (options: task_id, data or data_base64)",
    "result_missing": "some numbers do not come back (options: task_id, share)",
    "result_unclear": "some numbers come back with another verdict (options: task_id, share, word)",
    "result_repeated": "some numbers come back twice (options: task_id, share, contradicting)",
    "result_foreign": "numbers come back that were not sent (options: task_id, rows)",
}


class UnknownFaultError(ValueError):
    """No fault has this name."""


@dataclass
class Faults:
    """Faults waiting to strike, first armed, first taken."""

    armed: defaultdict[str, deque[dict[str, Any]]] = field(default_factory=lambda: defaultdict(deque))
    struck: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def arm(self, name: str, times: int = 1, **options: Any) -> None:
        """Let the fault strike the next ``times`` times that its place is passed."""
        if name not in TELEGRAM_FAULTS and name not in CHECK_FAULTS:
            raise UnknownFaultError(name)
        self.armed[name].extend(dict(options) for _ in range(times))

    def disarm(self, name: str) -> None:
        """Take back what has not struck yet."""
        self.armed.pop(name, None)

    def take(self, name: str, **place: Any) -> dict[str, Any] | None:
        """Give the first armed fault of this name that fits the place, and strike it off; None where there is none.

        An option of the fault that is also a word of the place (the method, the chat) has to be equal to it.
        """
        waiting = self.armed.get(name)
        if not waiting:
            return None
        for position, options in enumerate(waiting):
            if all(options.get(word, value) == value for word, value in place.items()):
                del waiting[position]
                self.struck.append((name, options))
                return options
        return None
