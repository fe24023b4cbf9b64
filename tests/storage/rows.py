"""Rows that are written past the program: what tables refuse is tried with them."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table, UniqueConstraint

Row = Mapping[str, Any]


def insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    """Write one row."""
    columns = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608  (our own)


def assert_all_are_tried(tables: Iterable[Table], tried: Iterable[tuple[str, str]], unique: set[str]) -> None:
    """Look whether every constraint of these tables is tried.

    Args:
        tables: The tables.
        tried: The refusals that are tried, and for each its table.
        unique: Those of them that are about the only one of its kind.
    """
    tables, tried = list(tables), list(tried)
    named = {str(one.name) for table in tables for one in table.constraints if isinstance(one, CheckConstraint)}
    assert named <= {refusal for refusal, _ in tried}
    keys = {table.name for table in tables for one in table.constraints if isinstance(one, ForeignKeyConstraint)}
    assert keys == {table for refusal, table in tried if refusal == "FOREIGN KEY"}
    only = {
        ", ".join(f"{table.name}.{column.name}" for column in one.columns)
        for table in tables
        for one in table.constraints
        if isinstance(one, UniqueConstraint)
    }
    only |= {f"{table.name}.{one.columns[0].name}" for table in tables for one in table.indexes if one.unique}
    assert only == unique
