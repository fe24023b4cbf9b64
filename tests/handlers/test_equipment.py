"""What the handlers work with: nothing that none of them asks for by name."""

from pathlib import Path

from tests.fakes import stage

SOURCE = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "handlers").glob("*.py"))


async def test_nothing_is_built_that_nobody_asks_for(tmp_path: Path) -> None:
    async with stage(tmp_path) as team:
        given = set(team.dispatcher.workflow_data)
    assert {name for name in given if f"    {name}: " not in SOURCE and f", {name}: " not in SOURCE} <= {"wake"}
