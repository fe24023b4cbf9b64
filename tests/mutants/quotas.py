"""Mistakes about a team's money: quotas, and an admin's yes to a large list."""

from tests.mutants.mutant import Mutant

HISTORIES = ("tests/storage/test_reserved_and_spent.py",)
STORED = ("tests/storage/test_quotas.py",)
APPROVALS = ("tests/storage/test_approvals.py",)
PRESSES = ("tests/handlers/test_approvals.py",)
APPROVING = ("tests/bot/test_approving.py",)

QUOTAS = (
    Mutant(
        "what may have been charged is not counted",
        "storage/quotas.py",
        '("accepted", "unknown")',
        '("accepted",)',
        HISTORIES,
    ),
    Mutant(
        "a submit under way is not counted",
        "storage/quotas.py",
        "or_(attempts.c.outcome.is_(None), attempts",
        "or_(attempts.c.attempt_id.is_(None), attempts",
        STORED,
    ),
    Mutant(
        "what is in the queue is not counted",
        "storage/quotas.py",
        "if used.numbers + wanted > quota.numbers:",
        "if used.spent + wanted > quota.numbers:",
        HISTORIES,
    ),
    Mutant(
        "one number more than the quota fits",
        "storage/quotas.py",
        "if used.numbers + wanted > quota.numbers:",
        "if used.numbers + wanted > quota.numbers + 1:",
        STORED,
    ),
    Mutant(
        "what is in the queue counts for the day of its press only",
        "storage/quotas.py",
        ".where(QUEUED)\n",
        ".where(QUEUED, jobs.c.queued_at >= began(quota.span, now))\n",
        STORED,
    ),
    Mutant(
        "one chat's quota counts for all chats",
        "storage/quotas.py",
        "        reserved = reserved.where(jobs.c.chat_id == chat_id)\n",
        "",
        STORED,
    ),
    Mutant(
        "a second submit needs no room",
        "storage/submits.py",
        "wanted=again.to_check",
        "wanted=0",
        HISTORIES,
    ),
    Mutant(
        "the quotas are looked at before the press and not with it",
        "storage/moves.py",
        "    await reserve(connection, quotas,",
        "    await connection.commit()\n    await reserve(connection, quotas,",
        STORED,
    ),
    Mutant(
        "the admin spends and not who asked",
        "storage/approvals.py",
        "revision, approval.asked_by, now, only_new=only_new",
        "revision, admin.person_id, now, only_new=only_new",
        APPROVALS,
    ),
    Mutant(
        "one yes is good for ever",
        "storage/approvals.py",
        "                await _decide(connection, approval, Decision.APPROVED, now, by=admin)\n",
        "                pass\n",
        APPROVALS,
    ),
    Mutant(
        "a yes counts for a list that has changed since it was asked about",
        "storage/approvals.py",
        "this = (approvals.c.job_id == job_id, approvals.c.revision == revision)",
        "this = (approvals.c.job_id == job_id,)",
        APPROVALS,
    ),
    Mutant(
        "a large list is queued without an admin",
        "handlers/approvals.py",
        "most = None if is_admin else self.above",
        "most = None",
        PRESSES,
    ),
    Mutant(
        "whoever finds the button says yes",
        "handlers/approvals.py",
        "if query.from_user.id not in audience.admin_ids or query",
        "if query",
        PRESSES,
    ),
    Mutant(
        "a large list is sent again by anybody",
        "handlers/approvals.py",
        "if self._is_large(job.to_check) and asker.person_id not in self.admin_ids:",
        "if False:",
        PRESSES,
    ),
    Mutant(
        "paid work waits for what an admin has still to hear",
        "bot/approving.py",
        "            first = job.state is JobState.CONFIRMING\n",
        "            first = True\n",
        APPROVING,
    ),
    Mutant(
        "an admin who is held back is forgotten",
        "bot/approving.py",
        "held.append(_again(error))\n                continue\n            await self.approvals.note_card",
        "held.append(_again(error))\n            await self.approvals.note_card",
        APPROVING,
    ),
)
