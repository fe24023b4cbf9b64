from sandbox.refusals import Refusal, bad_request, forbidden, too_many_requests


def test_a_refusal_goes_over_the_wire_as_telegram_writes_it() -> None:
    assert forbidden("bot was blocked by the user").body() == {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: bot was blocked by the user",
    }
    assert bad_request("x").description == "Bad Request: x"
    assert Refusal(401, "Unauthorized").body() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


def test_what_a_program_may_read_stands_beside_the_sentence() -> None:
    assert too_many_requests(7).body()["parameters"] == {"retry_after": 7}
    assert bad_request("moved", migrate_to_chat_id=-5).body()["parameters"] == {"migrate_to_chat_id": -5}
