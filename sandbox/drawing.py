"""A piece of a chat as a picture: an SVG file that browsers and code hosts show, and that a text tool can compare."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from sandbox.terminal import Bubble, Marks, Run, display_width, wrapped

COLUMNS = 52
"""The longest line of a bubble."""
COLUMN = 7.4
"""How wide one column is at most, in the fonts that are likely there."""
LINE, PAD, GAP, ROW = 20, 10, 14, 32
"""The heights, in pixels: of a line, inside a bubble, between two, of a row of buttons."""
WIDTH = round(COLUMNS * COLUMN + 2 * PAD + 80)
STYLE = """\
.ground{fill:#dfe7ee}.bot{fill:#fff}.person{fill:#eaf7df}.button{fill:#7d9bb5}
text{font:14px -apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;fill:#16202b;white-space:pre}
.name{font-weight:600;fill:#2b7bbd}.title{font-weight:600;fill:#3c4f61}.label{fill:#fff}
.dim{fill:#6b7b8a}.bold{font-weight:600}.italic{font-style:italic}.code,.pre{font:12px monospace;fill:#8a3b12}"""


def drawn(title: str, bubbles: Iterable[Bubble]) -> str:
    """Draw what stands in a chat, from top to bottom.

    Args:
        title: The chat's name, at the top.
        bubbles: Its messages.
    """
    parts = [_text(PAD * 2, 26, [(title, frozenset({"title"}))])]
    top = 44
    for bubble in bubbles:
        shapes, height = _bubble(bubble, top)
        parts += shapes
        top += height + GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}">'
    ground = f'<rect class="ground" width="{WIDTH}" height="{top}" rx="12"/>'
    return "\n".join((head, f"<style>{STYLE}</style>", ground, *parts, "</svg>", ""))


def _bubble(bubble: Bubble, top: int) -> tuple[list[str], int]:
    rows = [row for line in bubble.lines for row in wrapped(line, COLUMNS)]
    name: list[Run] = [(bubble.speaker, frozenset({"name"}))]
    if bubble.note:
        name.append((f" · {bubble.note}", frozenset({"dim"})))
    lines = [name, *rows]
    widest = max([_width(line) for line in lines] + [_row_width(row) for row in bubble.rows])
    width = round(widest + 2 * PAD)
    left = WIDTH - 2 * PAD - width if bubble.right else 2 * PAD
    height = len(lines) * LINE + 2 * PAD
    shapes = [_box("person" if bubble.right else "bot", left, top, width, height)]
    shapes += [_text(left + PAD, top + PAD + 15 + at * LINE, line) for at, line in enumerate(lines) if line]
    below = top + height + 4
    for row in bubble.rows:
        shapes += _buttons(row, left, below, width)
        below += ROW + 4
    return shapes, below - top - 4


def _buttons(labels: Sequence[str], left: int, top: int, width: int) -> list[str]:
    each = (width - 4 * (len(labels) - 1)) / len(labels)
    shapes = []
    for at, label in enumerate(labels):
        x = left + at * (each + 4)
        shapes.append(_box("button", round(x), top, round(each), ROW))
        shapes.append(_centred("label", round(x + each / 2), top + 21, label))
    return shapes


def _row_width(labels: Sequence[str]) -> float:
    return max(display_width(label) + 2 for label in labels) * COLUMN * len(labels)


def _width(line: Sequence[Run]) -> float:
    return sum(display_width(text) for text, _ in line) * COLUMN


def _box(kind: str, left: int, top: int, width: int, height: int) -> str:
    return f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="9"/>'


def _text(left: int, base: int, line: Sequence[Run]) -> str:
    spans = "".join(f"<tspan{_classes(marks)}>{escape(text)}</tspan>" for text, marks in line)
    return f'<text x="{left}" y="{base}">{spans}</text>'


def _centred(kind: str, middle: int, base: int, text: str) -> str:
    return f'<text class="{kind}" x="{middle}" y="{base}" text-anchor="middle">{escape(text)}</text>'


def _classes(marks: Marks) -> str:
    return f' class="{" ".join(sorted(marks))}"' if marks else ""
