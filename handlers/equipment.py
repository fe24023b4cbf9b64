"""What the handlers work with: built in one place from what is open, and handed to them by the names of arguments."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards import Card
from bot.job import Receipt
from bot.quotas import Quotas
from bot.rights import Rights
from bot.settings import Settings
from bot.texts import Texts
from handlers.access import Doorkeeper
from handlers.admission import Access, FileGroups
from handlers.approvals import Approver
from handlers.audience import Audience
from handlers.buttons import Presses
from handlers.chat_settings import Rules
from handlers.erasing import Eraser, prices_of
from handlers.files import ResultFiles, Tables
from handlers.find import Finder
from handlers.handing_out import HandingOut
from handlers.history import Archive
from handlers.intake import Desk
from handlers.membership import Arrivals
from handlers.overviews import Overviews
from handlers.privacy import Shredder
from handlers.roles import Roles
from handlers.spend import Books
from handlers.strangers import Door
from storage.access import Accesses
from storage.access_cards import AccessCards
from storage.access_requests import AccessRequests
from storage.approvals import Approvals
from storage.beginnings import Beginnings
from storage.chat_settings import ChatSettings
from storage.chats import Chats
from storage.database import Database
from storage.facts import Facts
from storage.forgetting import Forgetting
from storage.groups import Groups
from storage.history import History
from storage.jobs import Jobs
from storage.lists import Lists
from storage.memory import Memory
from storage.moves import Moves
from storage.quotas import UsedQuotas
from storage.spend import Spent
from storage.submits import Submits
from storage.supergroups import Supergroups
from storage.tasks import Tasks
from storage.unsure import Unsure


@dataclass(frozen=True, slots=True)
class Outside:
    """What handlers are given from elsewhere: the worker's ear, and what is done apart from this process."""

    wake: Callable[[], None]
    """Lets the worker look at once at what was stored."""
    draw: Callable[[int, int, Card], None]
    """Redraws a card of ours when there is room for that: chat, message, card."""
    write_down: Callable[[Receipt], Awaitable[None]]
    tables: Tables
    name: Callable[[bytes], bytes]
    """Gives the name under which a number is remembered."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may do what, as the worker asks it too."""

    audience: Audience
    file_groups: FileGroups
    access: Access
    rights: Rights
    roles: Roles


def gate(database: Database, settings: Settings, rights: Rights, bot_id: int, username: str) -> Gate:
    """Put together who may do what."""
    accesses = Accesses(database)
    file_groups = FileGroups(accesses, settings.allowed_ids)
    audience = Audience(bot_id, username, settings.admin_ids, settings.allowed_ids, lambda: file_groups.ids)
    roles = Roles(rights, Groups(database), settings.admin_ids)
    return Gate(audience, file_groups, Access(audience, accesses, rights), rights, roles)


def equipment(
    database: Database,
    settings: Settings,
    quotas: Quotas,
    texts: Mapping[str, Texts],
    gate: Gate,
    outside: Outside,
) -> dict[str, Any]:
    """Build all that handlers ask for by the names of their arguments."""
    jobs, lists, chats, tasks = Jobs(database), Lists(database), Chats(database), Tasks(database)
    moves, submits, approvals = Moves(database, quotas), Submits(database, quotas), Approvals(database, quotas)
    groups, chosen, memory = Groups(database), ChatSettings(database), Memory(database)
    facts, unsure, forgetting = Facts(database), Unsure(database), Forgetting(database)
    audience, roles, file_groups, wake = gate.audience, gate.roles, gate.file_groups, outside.wake
    door = Door(gate.access, AccessRequests(database), chats, wake)
    approver = Approver(jobs, moves, submits, approvals, chats, settings.admin_ids, settings.approve_above)
    files = ResultFiles(lists, prices_of(settings), outside.tables, chosen.format_of)
    me = audience.bot_id, audience.username
    return {
        "audience": audience,
        "settings": settings,
        "texts_by_language": texts,
        "jobs": jobs,
        "lists": lists,
        "tasks": tasks,
        "chats": chats,
        "facts": facts,
        "unsure": unsure,
        "supergroups": Supergroups(database, settings.allowed_ids),
        "groups": groups,
        "rights": gate.rights,
        "roles": roles,
        "door": door,
        "arrivals": Arrivals(door, groups, file_groups),
        "doorkeeper": Doorkeeper(door, AccessCards(database), file_groups),
        "write_down": outside.write_down,
        "desk": Desk(jobs, lists, chats, settings, wake),
        "archive": Archive(History(database), unsure, facts, roles, settings),
        "presses": Presses(jobs, lists, moves, submits, chats, Beginnings(database, quotas), wake, approver),
        "approver": approver,
        "books": Books(Spent(database), UsedQuotas(database), quotas, settings),
        "handing_out": HandingOut(jobs, chats, tasks, roles, files, wake),
        "overviews": Overviews(lists),
        "rules": Rules(groups, chosen, chats, jobs, lists, roles, file_groups, settings, *me, wake, outside.draw),
        "finder": Finder(memory, chats, chosen, outside.name, settings.retention_days),
        "shredder": Shredder(jobs, forgetting, Eraser(forgetting, memory, outside.name, texts, settings), wake),
        "wake": wake,
    }
