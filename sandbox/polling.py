"""getUpdates and the webhook."""

from typing import Any

from sandbox.refusals import Refusal, bad_request
from sandbox.state import State
from sandbox.update_queue import UPDATE_KINDS

MOST_UPDATES = 100
LONGEST_POLL_SECONDS = 50
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


async def get_updates(state: State, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what waits, or wait for it; a new call ends the one that waits."""
    if state.webhook:
        raise Refusal(409, f"Conflict: {WEBHOOK_ACTIVE}")
    limit, timeout = parameters.get("limit", MOST_UPDATES), parameters.get("timeout", 0)
    if not 1 <= limit <= MOST_UPDATES:
        raise bad_request('parameter "limit" must be between 1 and 100 (Telegram would take 100)')
    if not 0 <= timeout <= LONGEST_POLL_SECONDS:
        raise bad_request('parameter "timeout" must be between 0 and 50 (Telegram would take 50)')
    if "allowed_updates" in parameters:
        allow(state, parameters["allowed_updates"])
    queue = state.updates
    queue.poll += 1
    mine = queue.poll
    state.changes.tell()
    queue.confirm(parameters.get("offset", 0))

    def there_is_something() -> bool:
        return queue.poll != mine or bool(queue.first(1))

    if timeout and not there_is_something():
        queue.pollers += 1
        state.changes.tell()
        try:
            await state.changes.wait_for(there_is_something, timeout)
        except TimeoutError:
            return []
        finally:
            queue.pollers -= 1
            state.changes.tell()
    if queue.poll != mine:
        raise Refusal(409, f"Conflict: {OTHER_POLLER}")
    return queue.first(limit)


def allow(state: State, kinds: list[Any]) -> None:
    """Remember which kinds of updates the bot wants from now on; an empty list is the usual ones."""
    for kind in kinds:
        if kind not in UPDATE_KINDS:
            raise bad_request(f'can\'t parse allowed_updates: unknown update kind "{kind}"')
    state.updates.allowed = frozenset(kinds) or None


def set_webhook(state: State, parameters: dict[str, Any]) -> bool:
    """Remember the address; nothing is ever sent there."""
    if not parameters["url"].startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if "allowed_updates" in parameters:
        allow(state, parameters["allowed_updates"])
    state.webhook = parameters["url"]
    _drop(state, parameters)
    return True


def delete_webhook(state: State, parameters: dict[str, Any]) -> bool:
    """Forget the address."""
    state.webhook = ""
    _drop(state, parameters)
    return True


def get_webhook_info(state: State, _: dict[str, Any]) -> dict[str, Any]:
    """The address and how many updates wait."""
    info: dict[str, Any] = {
        "url": state.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.first(10**6)),
    }
    if state.updates.allowed:
        info["allowed_updates"] = sorted(state.updates.allowed)
    return info


def _drop(state: State, parameters: dict[str, Any]) -> None:
    if parameters.get("drop_pending_updates"):
        state.updates.drop()
