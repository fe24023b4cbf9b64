"""Files of lists go from disk to database and back as they came."""

import random
from pathlib import Path

import pytest

from storage.list_files import BLOCK_BYTES, ListFiles
from storage.lists import ListMessage
from tests.storage.building import CHAT, NOW, Store, new_job
from tests.storage.files import content, put

FILE = ListMessage(CHAT, 9, NOW, None, "file-id", 31)
NOISE = random.Random(3).randbytes(2 * BLOCK_BYTES + 17)


@pytest.mark.parametrize(
    "data", [b"", b"+79123456789\n", bytes(3 * BLOCK_BYTES), NOISE], ids=["empty", "small", "zeros", "noise"]
)
async def test_a_file_that_is_kept_comes_back_as_it_was(store: Store, tmp_path: Path, data: bytes) -> None:
    files = ListFiles(store.database)
    await store.lists.open(new_job(), FILE, NOW)
    assert not await files.give(FILE, tmp_path / "back")
    put(tmp_path / "file", data)
    await files.keep(FILE, tmp_path / "file")
    assert await files.give(FILE, tmp_path / "back")
    assert content(tmp_path / "back") == data


async def test_a_message_of_a_file_says_nothing_by_itself(store: Store, tmp_path: Path) -> None:
    job = await store.lists.open(new_job(), FILE, NOW)
    put(tmp_path / "file", NOISE)
    await ListFiles(store.database).keep(FILE, tmp_path / "file")
    assert await store.lists.messages(job.id) == (FILE,)


async def test_of_a_message_that_nobody_knows_nothing_is_given(store: Store, tmp_path: Path) -> None:
    assert not await ListFiles(store.database).give(FILE, tmp_path / "back")
    assert not (tmp_path / "back").exists()
