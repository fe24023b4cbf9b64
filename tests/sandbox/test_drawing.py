"""Pieces of a chat become pictures that every browser can show."""

from itertools import pairwise
from xml.etree import ElementTree as ET

from sandbox.drawing import COLUMN, COLUMNS, WIDTH, drawn
from sandbox.terminal import Bubble

SVG = "{http://www.w3.org/2000/svg}"
PLAIN: frozenset[str] = frozenset()


def shown(picture: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314 - ours


def test_it_shows_the_title_who_speaks_the_lines_and_the_buttons() -> None:
    lines = [[("All ", PLAIN), ("well", frozenset({"bold"}))], [], [("& <done>", PLAIN)]]
    picture = drawn("Sales", [Bubble("Number check", lines, [["Yes", "No"], ["Later"]])])

    assert shown(picture) == ["Sales", "Number check", "All well", "& <done>", "Yes", "No", "Later"]
    assert '<tspan class="bold">well</tspan>' in picture


def test_no_line_is_wider_than_its_bubble() -> None:
    picture = drawn("Sales", [Bubble("Boris", [[("word " * 60, PLAIN)], [("x" * 200, PLAIN)]], right=True)])
    boxes = ET.fromstring(picture).findall(f"{SVG}rect")  # noqa: S314 - ours

    assert all(len(line) <= COLUMNS for line in shown(picture))
    for box in boxes[1:]:
        left, width = int(box.attrib["x"]), int(box.attrib["width"])
        assert left >= 0
        assert left + width <= WIDTH
        assert width >= max(map(len, shown(picture)[1:])) * COLUMN


def test_what_comes_later_stands_below() -> None:
    picture = drawn("Sales", [Bubble(name, [[("hello", PLAIN)]], [["Press"]]) for name in ("Ada", "Boris", "Eve")])
    image = ET.fromstring(picture)  # noqa: S314 - ours
    boxes = [(int(box.attrib["y"]), int(box.attrib["height"])) for box in image.findall(f"{SVG}rect")[1:]]

    assert boxes == sorted(boxes)
    assert all(upper + height <= lower for (upper, height), (lower, _) in pairwise(boxes))
    assert boxes[-1][0] + boxes[-1][1] <= int(image.attrib["height"])
