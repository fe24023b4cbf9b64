"""Print the rows of what may come over the wire with the tests that show each; exit with 1 where one has none.

python -m tests.tables
"""

import sys
from functools import partial

from tests.tables import TABLES
from tests.tables.row import full_name

say = partial(print, flush=True)


def main() -> int:
    """Print the tables."""
    rows, missing = 0, []
    for title, table in TABLES.items():
        say(f"\n{title}\n{'=' * len(title)}")
        for row in table:
            rows += 1
            missing += row.missing()
            say(f"\n{row.comes}\n    -> {row.does}")
            for test in map(full_name, row.tests):
                say(f"       {'MISSING  ' if test in missing else ''}{test}")
    tests = {test for table in TABLES.values() for row in table for test in row.tests}
    say(f"\n{rows} rows, shown by {len(tests)} tests; {len(missing)} tests are missing")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
