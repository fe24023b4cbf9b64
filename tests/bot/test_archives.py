"""What an archive may say about itself before it is unpacked, and what gives a hostile one away."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from bot import archives
from bot.archives import ArchiveRefused, is_workbook, open_archive, refuse_doctype
from bot.results import ResultNotUnderstood, read_result
from tests.bot.result_files import MAIN, csv, with_part, xlsx, zipped

SENT = ["+79123000001", "+79123000002"]
TABLE = csv(("number", "activated"), ("79123000001", "yes"), ("79123000002", "no"))


def refusal(data: bytes) -> str:
    with pytest.raises(ArchiveRefused) as refused, open_archive(io.BytesIO(data)) as archive:
        refuse_doctype(archive)
    return refused.value.reason


def test_an_honest_archive_is_opened() -> None:
    with open_archive(io.BytesIO(zipped({"all.csv": TABLE}))) as archive:
        assert archive.read("all.csv") == TABLE


def test_a_workbook_is_told_by_its_parts() -> None:
    for data, expected in ((xlsx(("Number",)), True), (zipped({"result.xlsx": xlsx(("Number",))}), False)):
        with open_archive(io.BytesIO(data)) as archive:
            assert is_workbook(archive) is expected


def test_a_bomb_is_refused_without_unpacking_it() -> None:
    bomb = zipped({"all.csv": bytes(300 << 20)})
    tracemalloc.start()
    try:
        assert refusal(bomb) == "archive that unpacks to too much"
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_many_entries_that_are_harmless_alone_are_refused_together(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{place}.csv": bytes(1000) for place in range(50)})
    with open_archive(io.BytesIO(data)):
        pass
    monkeypatch.setattr(archives, "MOST_UNPACKED_BYTES", 49_999)
    assert refusal(data) == "archive that unpacks to too much"


def test_too_many_entries_are_refused() -> None:
    assert refusal(zipped({f"{place}.csv": "" for place in range(201)})) == "archive with too many entries"


def test_a_directory_that_would_fill_the_memory_is_not_read() -> None:
    names = {f"{'x' * 60_000}{place}": "" for place in range(20)}
    assert refusal(zipped(names)) == "archive with too large a directory"


def test_two_entries_of_one_name_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("b.csv", TABLE)
    assert refusal(stream.getvalue().replace(b"b.csv", b"a.csv")) == "archive with two entries of one name"


def test_entries_that_share_their_bytes_are_refused() -> None:
    data = zipped({"a.csv": bytes(range(256)) * 40, "b.csv": ""}, packed=zipfile.ZIP_STORED)
    size = struct.pack("<I", len(bytes(range(256)) * 40))
    start = data.rindex(b"PK\x01\x02")
    assert refusal(data[: start + 20] + size + size + data[start + 28 :]) == "archive whose entries overlap"


def test_a_password_or_an_unusual_packing_is_refused() -> None:
    plain = bytearray(zipped({"all.csv": TABLE}))
    plain[plain.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(plain)) == "archive with a password"
    assert refusal(zipped({"all.csv": TABLE}, packed=zipfile.ZIP_LZMA)) == "archive packed in an unusual way"


def with_stated_size(archive: bytes, size: int) -> io.BytesIO:
    place = archive.rindex(b"PK\x01\x02") + 24
    return io.BytesIO(archive[:place] + struct.pack("<I", size) + archive[place + 4 :])


@pytest.mark.parametrize("stated", [1, len(TABLE) - 5])
def test_a_size_that_is_stated_too_small_is_found_out_while_reading(stated: int) -> None:
    with pytest.raises(ResultNotUnderstood, match="BadZipFile"):
        read_result(with_stated_size(zipped({"all.csv": TABLE}), stated), SENT)


@pytest.mark.parametrize("stated", [len(TABLE) + 5, 900_000])
def test_a_size_that_is_stated_too_large_does_no_harm(stated: int) -> None:
    assert read_result(with_stated_size(zipped({"all.csv": TABLE}), stated), SENT).codes == "yn"


def test_a_bomb_that_states_a_small_size_gives_no_more_than_that() -> None:
    data = with_stated_size(zipped({"all.csv": b"number,activated\n" + b"79123000001,yes\n" * 2_000_000}), 1000)
    tracemalloc.start()
    try:
        with pytest.raises(ResultNotUnderstood):
            read_result(data, SENT)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def test_a_part_without_a_doctype_passes_whatever_its_comments_say() -> None:
    xml = f'<?xml version="1.0"?><!-- <!DOCTYPE a> --><worksheet xmlns="{MAIN}"/>'
    for part in (xml, "", "no xml at all", b"\x89PNG\r\n", "<a"):
        with open_archive(io.BytesIO(zipped({"xl/part.xml": part}))) as archive:
            refuse_doctype(archive)


def test_a_doctype_is_found_behind_a_long_comment_and_in_other_encodings() -> None:
    for encoding in ("utf-8", "utf-16", "cp1251"):
        head = f'<?xml version="1.0" encoding="{encoding}"?><!--{"x" * 9000}-->'
        doctype = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'
        assert refusal(zipped({"xl/part.xml": (head + doctype).encode(encoding)})) == "XML with a DOCTYPE"


def test_an_encoding_that_nobody_knows_is_refused() -> None:
    for encoding in ("klingon", "gb18030"):
        xml = f'<?xml version="1.0" encoding="{encoding}"?><a/>'
        assert refusal(zipped({"xl/part.xml": xml})) == "XML in an unknown encoding"


def test_a_part_that_begins_without_end_is_refused() -> None:
    endless = "<!--" + "<->" * 30_000 + "--><a/>"
    assert refusal(with_part(xlsx(), "xl/part.xml", endless)) == "XML with too long a beginning"
