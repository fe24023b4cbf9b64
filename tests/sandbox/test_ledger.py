from pathlib import Path

from sandbox.check_api import CheckServer
from sandbox.ledger import digest_of, read_charges
from tests.sandbox.check_client import KEY, some_numbers


async def test_charges_outlive_the_server_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "charges.jsonl"
    for count in (2, 3):
        async with CheckServer(KEY, ledger_file=path) as checker:
            checker.charge(some_numbers(count), "submit_cut_after")
    assert [charge["count"] for charge in read_charges(path)] == [2, 3]
    assert read_charges(path)[0]["digest"] == digest_of(some_numbers(2))
    assert read_charges(path)[0]["form"] == "submit_cut_after"
    assert "+7916" not in path.read_text()


def test_a_ledger_file_that_is_not_there_holds_no_charges(tmp_path: Path) -> None:
    assert read_charges(tmp_path / "nothing") == []


def test_the_digest_knows_the_order_and_the_edges_of_numbers() -> None:
    assert digest_of(["+71", "2"]) != digest_of(["+712"]) != digest_of(["2", "+71"])
