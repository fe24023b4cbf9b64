"""Run the benchmarks and print one table.

    python -m tests.bench                  all of them
    python -m tests.bench lists results    some of them
    python -m tests.bench --quick          with small inputs: shows that they run; what is wanted is not judged

Exits with 1 where something that is wanted was missed. Close what else runs on the machine: ratios bear some company,
delays do not.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from tests.bench import delivery, jobs, lists, questions, results, start, updates
from tests.bench.row import Row, as_table

BENCHES: Final[Mapping[str, Callable[[bool], Iterable[Row]]]] = {
    "delivery": delivery.rows,
    "jobs": jobs.rows,
    "lists": lists.rows,
    "questions": questions.rows,
    "results": results.rows,
    "start": start.rows,
    "updates": updates.rows,
}
"""By name: each takes whether it is to be quick, and gives its rows."""

say = partial(print, flush=True)


def main(arguments: list[str]) -> int:
    """Run the benchmarks that are named, all where none is."""
    quick = "--quick" in arguments
    names = [one for one in arguments if one != "--quick"] or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        say(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHES)}.")
        return 2
    rows = []
    for name in names:
        say(f"{name} ...")
        rows += list(BENCHES[name](quick))
    if quick:
        rows = [replace(row, wanted="", is_kept=None) for row in rows]
    say(as_table(rows))
    return 1 if any(row.is_kept is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
