"""What Telegram says when it does not do what a bot asked."""

from typing import Any


class Refusal(Exception):
    """The call is refused: an HTTP status, a sentence in Telegram's words, and what a program may read beside it."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON that goes over the wire."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(sentence: str, **parameters: Any) -> Refusal:
    """Refuse with 400."""
    return Refusal(400, f"Bad Request: {sentence}", parameters)


def forbidden(sentence: str) -> Refusal:
    """Refuse with 403."""
    return Refusal(403, f"Forbidden: {sentence}")


def too_many_requests(seconds: int) -> Refusal:
    """Refuse with 429 and say how long to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
