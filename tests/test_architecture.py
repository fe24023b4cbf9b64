"""Who may know whom, what is alive when, how long a file may be. The table is the one of ARCHITECTURE.md."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "handlers", "storage", "sandbox")
LONGEST_FILE = 320


class Group(NamedTuple):
    files: tuple[str, ...]
    may_import: tuple[str, ...]


TABLE = {
    "pure": Group(
        (
            *("bot/__init__", "bot/job"),
            *("bot/numbers", "bot/number_list", "bot/decoding", "bot/pieces", "bot/runs", "bot/plans", "bot/bare"),
            *("bot/phone_library", "bot/dialling", "bot/numbering", "bot/lines", "bot/gathering"),
            *("bot/likely_regions", "bot/packing", "bot/erasing", "bot/blanking", "bot/known", "bot/offers"),
            *("bot/results", "bot/archives", "bot/tables", "bot/columns", "bot/cells"),
            *("bot/sheets", "bot/separated", "bot/spreadsheets", "bot/vcards", "bot/number_columns", "bot/list_parts"),
            *("bot/book_layout", "bot/book_parts", "bot/xml_blocks", "bot/sheet_reader", "bot/sheet_writer"),
            *("bot/report", "bot/workbook", "bot/table_workbook", "bot/table_parts", "bot/parts", "bot/countries"),
            *("bot/country_table", "bot/picture", "bot/drawing", "bot/settings_card", "bot/column_cards"),
            *("bot/texts", "bot/cards", "bot/preview", "bot/progress", "bot/summary", "bot/unsure", "bot/task_ids"),
            *("bot/quotas", "bot/approvals", "bot/spend", "bot/masking", "bot/clock"),
            *("bot/pace", "bot/dates", "bot/searching", "bot/history", "bot/help", "bot/sample", "bot/spreading"),
        ),
        ("pure",),
    ),
    "settings": Group(("bot/settings", "bot/environment"), ("settings",)),
    "log": Group(("bot/logs",), ("log",)),
    "reading": Group(("bot/reading", "bot/workshop", "bot/children", "bot/forks", "bot/forking"), ("reading", "pure")),
    "checking API": Group(
        (
            *("bot/check_api", "bot/http_client", "bot/downloading", "bot/answers", "bot/outcomes", "bot/complaints"),
            *("bot/json_fields", "bot/list_minimum", "bot/account", "bot/questions", "bot/uploads"),
        ),
        ("checking API", "pure"),
    ),
    "speaking": Group(("bot/keyboard", "bot/limits", "bot/windows", "bot/rights"), ("speaking", "pure")),
    "Telegram": Group(("bot/telegram", "bot/messenger"), ("Telegram", "speaking", "pure")),
    "journal": Group(("bot/receipts", "bot/list_key"), ("journal", "pure")),
    "inbox": Group(
        ("bot/updates", "bot/update_names", "bot/lanes", "bot/profile"), ("inbox", "storage", "speaking", "pure")
    ),
    "worker": Group(
        (
            *("bot/worker", "bot/showing", "bot/fetching", "bot/confirming", "bot/submitting", "bot/checking"),
            *("bot/pausing", "bot/balances", "bot/delivering", "bot/asking", "bot/approving", "bot/beginning"),
            *("bot/chores", "bot/redrawing", "bot/admitting", "bot/access_cards", "bot/sending", "bot/handing_over"),
            *("bot/taking_over", "bot/remembering", "bot/composing", "bot/picturing", "bot/giving_back", "bot/recent"),
        ),
        ("worker", "settings", "storage", "journal", "checking API", "Telegram", "speaking", "reading", "pure"),
    ),
    "storage": Group(("storage/*",), ("storage", "pure")),
    "handlers": Group(("handlers/*",), ("handlers", "settings", "storage", "speaking", "pure")),
    "lock": Group(("bot/lock",), ("lock",)),
    "memory": Group(("bot/memory",), ("memory",)),
    "terminal": Group(
        ("bot/maintenance", "bot/checkup"),
        ("terminal", "lock", "settings", "storage", "checking API", "pure"),
    ),
    "start": Group(
        ("bot/__main__",),
        (
            *("settings", "log", "journal", "reading", "checking API", "Telegram", "speaking", "inbox", "worker"),
            *("storage", "handlers", "terminal", "lock", "memory", "pure"),
        ),
    ),
    "sandbox": Group(("sandbox/*",), ("sandbox",)),
}
"""Every file of ours, by group, and the groups whose files each group may import."""

KNOWS_OUTSIDE = {
    **{library: {"storage"} for library in ("sqlalchemy", "aiosqlite", "alembic", "sqlite3")},
    "httpx": {"checking API"},
    "aiogram": {"speaking", "Telegram", "inbox", "worker", "handlers", "start"},
}
"""Libraries that only some groups may import: SQL lives in one place, and so does the checking API's HTTP."""

INPUT_AND_OUTPUT = frozenset(
    {"aiofiles", "aiohttp", "asyncio", "multiprocessing", "os", "pathlib", "requests", "select", "shutil", "signal"}
    | {"socket", "ssl", "subprocess", "tempfile", "threading", "urllib.request", "http.client"},
)
LOADS_ITS_OWN_FILES = {"bot/texts": {"pathlib"}, "bot/drawing": {"pathlib"}}
"""The pure files that read from disk: their locales and fonts."""

TESTED_THROUGH = {
    "bot/book_layout": "bot/test_sheet_reader",
    "bot/book_parts": "bot/test_sheet_writer",
    "bot/children": "bot/test_workshop",
    "bot/forking": "bot/test_forks",
    "bot/windows": "bot/test_limits",
    "bot/columns": "bot/test_results",
    "bot/drawing": "bot/test_picture",
    "bot/tables": "bot/test_results",
    "bot/taking_over": "test_story_receipts",
    "bot/workbook": "bot/test_report",
    "bot/xml_blocks": "bot/test_sheet_reader",
    "bot/composing": "test_story_known",
    "storage/memory_schema": "storage/test_schema",
    "sandbox/check_answers": "sandbox/test_check_api",
    "sandbox/check_upload": "sandbox/test_check_submits",
    "sandbox/checking": "sandbox/test_check_api",
    "sandbox/wire_faults": "sandbox/test_faults",
}
"""Files without behaviour of their own, or parts of another file's one door: the tests that see them."""

NOT_A_NAME = frozenset({"utils", "util", "services", "core", "helpers", "helper", "common", "misc", "base", "tools"})

ALIVE = frozenset(
    # opened
    {"open", "connect", "create_engine", "create_async_engine", "AsyncClient", "Client", "ClientSession", "Session"}
    | {"TemporaryDirectory", "NamedTemporaryFile", "mkdtemp", "socket", "getaddrinfo", "urlopen"}
    # read from or written to the outside
    | {"getenv", "from_environment", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink"}
    # running
    | {"run", "Popen", "Thread", "get_event_loop", "new_event_loop", "create_task", "ensure_future", "TaskGroup"}
    | {"Bot", "Dispatcher", "basicConfig", "configure", "time", "monotonic", "sleep"}
    # bound to an event loop, or to nothing that would close them
    | {
        "Lock",
        "Event",
        "Condition",
        "Semaphore",
        "Queue",
        "PriorityQueue",
        "ThreadPoolExecutor",
        "ProcessPoolExecutor",
    },
)
"""What must not be called while a file is being imported."""


def ours() -> list[str]:
    """Every file of the four folders but the migrations, as ``bot/job``."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    names = sorted(path.relative_to(ROOT).with_suffix("").as_posix() for path in found)
    return [name for name in names if not name.startswith("storage/migrations/")]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / f"{name}.py").read_text(encoding="utf-8"))


def group_of(name: str) -> str:
    groups = [group for group, (files, _) in TABLE.items() if any(fnmatch(name, file) for file in files)]
    assert len(groups) == 1, f"{name} belongs to {groups or 'no group'}: put it into one row of the table"
    return groups[0]


def imported(name: str) -> Iterator[str]:
    """Every module a file imports anywhere in it, by its full dotted name; ``from a import b`` gives ``a.b``."""
    package = name.split("/")[:-1]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imported_of_ours(name: str) -> Iterator[str]:
    for module in imported(name):
        parts = module.split(".")
        if parts[0] not in FOLDERS:
            continue
        for end in range(len(parts), 0, -1):  # the last part may be a name inside the file
            path = "/".join(parts[:end])
            if (ROOT / f"{path}.py").exists():
                yield path
                break
            if (ROOT / path).is_dir():
                yield f"{path}/__init__"
                break


def called(node: ast.AST) -> Iterator[tuple[str, int]]:
    """What runs when the node runs: the names it calls, but not what stands inside functions it only defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        arguments = node.args
        children: list[ast.AST] = [*arguments.defaults, *(value for value in arguments.kw_defaults if value)]
        children += [] if isinstance(node, ast.Lambda) else node.decorator_list
    else:
        children = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):
        yield (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")), node.lineno
    for child in children:
        yield from called(child)


def top_level(name: str) -> list[ast.stmt]:
    """The statements that run at import; what follows ``if __name__ == "__main__"`` is not among them."""
    return [node for node in tree(name).body if not (isinstance(node, ast.If) and "__name__" in ast.dump(node.test))]


def as_markdown() -> str:
    """The table as it stands in ARCHITECTURE.md."""
    rows = (
        f"| {name}: {', '.join(f'`{f}`' for f in row.files)} | {', '.join(row.may_import)} |"
        for name, row in TABLE.items()
    )
    return "\n".join(("| file | may import |", "|---|---|", *rows))


def test_the_table_is_the_one_in_the_documentation() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    start = re.search(r"^\| *`?file`? *\| *`?may import`? *\|\n\|[-:| ]+\|\n", text, re.MULTILINE)
    assert start, f"ARCHITECTURE.md has no such table:\n{as_markdown()}"
    documented = {}
    for line in text[start.end() :].splitlines():
        if not line.startswith("|"):
            break
        files, may_import = line.strip().strip("|").split("|")
        group = files.partition(":")[0].strip(" *")
        documented[group] = Group(
            tuple(re.findall(r"`([^`]+)`", files)), tuple(word.strip(" *") for word in may_import.split(","))
        )

    assert documented == TABLE, f"the table of ARCHITECTURE.md should be:\n{as_markdown()}"


def test_every_file_of_the_table_exists() -> None:
    listed = [file for files, _ in TABLE.values() for file in files]

    assert [file for file in listed if not any(fnmatch(name, file) for name in ours())] == []
    assert {name for _, may_import in TABLE.values() for name in may_import} <= TABLE.keys()


def test_a_file_imports_only_what_the_table_allows() -> None:
    allowed = {name: TABLE[group_of(name)].may_import for name in ours()}

    assert [
        (name, other) for name in ours() for other in imported_of_ours(name) if group_of(other) not in allowed[name]
    ] == []


def test_handlers_are_imported_by_the_start_only() -> None:
    importers = {name for name in ours() for other in imported_of_ours(name) if other.startswith("handlers/")}

    assert {name for name in importers if not name.startswith("handlers/")} <= {"bot/__main__"}


def test_the_sandbox_and_the_bot_share_no_code() -> None:
    for name in ours():
        for other in imported_of_ours(name):
            assert name.startswith("sandbox/") == other.startswith("sandbox/"), f"{name} imports {other}"


def test_a_pure_file_does_no_input_and_output() -> None:
    for name in ours():
        if group_of(name) != "pure":
            continue
        forbidden = (INPUT_AND_OUTPUT | KNOWS_OUTSIDE.keys()) - LOADS_ITS_OWN_FILES.get(name, set())
        found = [m for m in imported(name) if any(m == other or m.startswith(f"{other}.") for other in forbidden)]
        assert found == [], name
        calls = (node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call))
        called_by_name = {func.id for func in calls if isinstance(func, ast.Name)}
        assert called_by_name.isdisjoint({"open", "print", "input"}), name


def test_libraries_are_imported_where_their_matter_lives() -> None:
    imports = {
        (name, module.split(".")[0]) for name in ours() if not name.startswith("sandbox/") for module in imported(name)
    }

    assert [
        (name, library)
        for name, library in imports
        if library in KNOWS_OUTSIDE and group_of(name) not in KNOWS_OUTSIDE[library]
    ] == []


def test_nothing_is_imported_by_a_computed_name_or_from_the_tests() -> None:
    for name in ours():
        assert "tests" not in {module.split(".")[0] for module in imported(name)}, name
        calls = (node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call))
        named = {getattr(func, "attr", getattr(func, "id", "")) for func in calls}
        assert named.isdisjoint({"import_module", "__import__"}), name


def test_nothing_is_alive_at_import() -> None:
    for name, node in [(file, node) for file in ours() for node in top_level(file)]:
        assert [(name, what, line) for what, line in called(node) if what in ALIVE] == []
        assert not isinstance(node, ast.With | ast.AsyncWith | ast.For | ast.While), (
            f"{name}: runs at import: line {node.lineno}"
        )
        bare_call = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        assert not bare_call, f"{name}: done for its effect at import: line {node.lineno}"


def test_background_work_starts_only_in_a_group_that_somebody_waits_for() -> None:
    for name in ours():
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Attribute) and node.attr in {"create_task", "ensure_future"}:
                owner = ast.unparse(node.value)
                assert "loop" not in owner, f"{name}, line {node.lineno}: {owner}.{node.attr}"
                assert owner != "asyncio", f"{name}, line {node.lineno}: {owner}.{node.attr}"
        assert {"asyncio.create_task", "asyncio.ensure_future"}.isdisjoint(imported(name)), name


def test_a_file_is_one_thing() -> None:
    for name in ours():
        lines = (ROOT / f"{name}.py").read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST_FILE, f"{name}: {lines} lines are two things: split it along the seam"
        assert NOT_A_NAME.isdisjoint(name.split("/")), f"{name}: a file is named after a thing the bot does or knows"


def test_a_file_has_its_tests() -> None:
    tested = [name for name in ours() if name.rpartition("/")[2] not in {"__init__", "__main__"}]
    tests = {TESTED_THROUGH.get(name, "{}/test_{}".format(*name.rsplit("/", 1))) for name in tested}

    assert [name for name in tests if not (ROOT / "tests" / f"{name}.py").exists()] == [], "these are missing"


def test_a_file_with_tests_of_its_own_is_not_tested_through_another() -> None:
    assert TESTED_THROUGH.keys() <= set(ours())
    for name in TESTED_THROUGH:
        folder, _, file = name.rpartition("/")
        assert not (ROOT / "tests" / folder / f"test_{file}.py").exists(), f"{name} has its own tests"


def test_nothing_names_the_workplace_or_a_registry() -> None:
    # Written so that this file does not name them either.
    spelled = ("shared|/", "/work|/main", "/t|mp/plan", "pypi|.org", "python|hosted.org", "npm|js.org", "index|-url")
    words = [word.replace("|", "") for word in spelled]
    made = {".git", "data", "demo", "dist", "htmlcov", "__pycache__"}
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if (
            not path.is_file()
            or made.intersection(parts)
            or re.match(r"\.(venv|\w+_cache|hypothesis|coverage)", parts[0])
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert [word for word in words if word in text] == [], path
