"""Bad weather: a share of all answers of both servers is faulty, drawn from a seed, until it calms down."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.faults import Faults

BAD_GATEWAY = {"status": 502, "body": "<html><body>502 Bad Gateway</body></html>"}
INTERNAL = {"status": 500, "body": {"error": "internal_error", "message": "try later"}}
TOO_OFTEN = {"status": 429, "body": {"error": "too_many_requests"}, "headers": {"Retry-After": "1"}}
AWAY = {"status": 503, "body": {"error": "unavailable"}, "headers": {"Retry-After": "1"}}

TELEGRAM: dict[str, tuple[float, tuple[dict[str, Any], ...]]] = {
    "cut_before": (0.02, ({},)),
    "cut_after": (0.03, ({},)),
    "flood": (0.01, ({"seconds": 1},)),
    "flood_bare": (0.005, ({},)),
    "server_error": (0.01, ({},)),
    "bad_gateway": (0.015, ({},)),
    "not_json": (0.005, ({},)),
    "slow": (0.005, ({"seconds": 0.5}, {"seconds": 2.0})),
    "file_unreachable": (0.08, ({"status": 500},)),
    "duplicate_update": (0.02, ({},)),
}
"""The share of calls that each fault strikes, and what it looks like: together about a tenth of each method's."""
CHECKER: dict[str, tuple[float, tuple[dict[str, Any], ...]]] = {
    "submit_answer": (
        0.09,
        (*(INTERNAL, INTERNAL, TOO_OFTEN, TOO_OFTEN, AWAY) * 12, BAD_GATEWAY, {**BAD_GATEWAY, "charged": True}),
    ),
    "submit_cut_during": (0.0005, ({}, {"reset": True})),
    "submit_cut_before": (0.0005, ({}, {"reset": True})),
    "submit_cut_after": (0.001, ({}, {"reset": True})),
    "submit_half_answer": (0.001, ({},)),
    "status_answer": (0.05, (INTERNAL, BAD_GATEWAY, TOO_OFTEN, {"status": 200, "body": "{"})),
    "status_cut": (0.03, ({}, {"reset": True})),
    "status_half_answer": (0.01, ({},)),
    "unknown_status": (0.01, ({},)),
    "task_fails": (0.005, ({},)),
    "result_expired": (0.03, ({},)),
    "result_answer": (0.03, (BAD_GATEWAY, {"status": 404, "body": "gone"})),
    "result_cut": (0.02, ({}, {"reset": True})),
    "result_truncated": (0.02, ({},)),
}
"""The same for the checking API.

Of the submits six in a thousand end so that nobody can know what became of them: each of those must ask a person, so
their share is the lowest share of questions there can be. The kills make many more of them.
"""


@dataclass
class Weather(Faults):
    """Faults that strike by chance, besides those that are armed."""

    random: Random = field(default_factory=lambda: Random(1))
    is_bad: bool = False

    def take(self, name: str, **place: Any) -> dict[str, Any] | None:
        """Give what was armed, else draw."""
        armed = super().take(name, **place)
        if armed is not None or not self.is_bad:
            return armed
        share, forms = TELEGRAM.get(name) or CHECKER.get(name) or (0.0, ())
        if self.random.random() >= share:
            return None
        options = {**place, **self.random.choice(forms)}
        self.struck.append((name, options))
        return options
