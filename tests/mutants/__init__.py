"""The tests are tested: mistakes are made on purpose in a copy of the program, and the tests must notice each."""

from tests.mutants.invariants import INVARIANTS
from tests.mutants.machine import MACHINE
from tests.mutants.memory import MEMORIES
from tests.mutants.money import MONEY
from tests.mutants.people import PEOPLE
from tests.mutants.quotas import QUOTAS
from tests.mutants.teams import TEAMS

MUTANTS = (*MONEY, *MEMORIES, *QUOTAS, *INVARIANTS, *PEOPLE, *TEAMS, *MACHINE)
"""Every mistake that is tried."""
