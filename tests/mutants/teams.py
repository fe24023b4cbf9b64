"""Mistakes that let somebody decide, see or spend where they may not; and talk that is not ours."""

from tests.mutants.mutant import Mutant

FORGED = ("tests/handlers/test_forged_presses.py",)
TALK = ("tests/handlers/test_unrelated_talk.py",)

TEAMS = (
    Mutant(
        "all the world chooses the country of a group",
        "handlers/buttons.py",
        "    if not await roles.is_here(query.from_user.id, query.message.chat.id):\n",
        "    if False:\n",
        FORGED,
    ),
    Mutant(
        "anybody changes what a group has set",
        "handlers/chat_settings.py",
        "    if not (await rules.roles.may_manage(person.id, chat_id) if in_group else person.id == chat_id):\n",
        "    if False:\n",
        FORGED,
    ),
    Mutant(
        "who has left a group decides about their lists still",
        "handlers/roles.py",
        "        if not await self.rights.is_member(job.chat_id, person_id):\n            return False\n",
        "",
        FORGED,
    ),
    Mutant(
        "whoever finds the button lets people in",
        "handlers/access.py",
        "    if person.id not in audience.admin_ids or message is None or message.chat.id != person.id:\n",
        "    if message is None:\n",
        FORGED,
    ),
    Mutant(
        "whoever knows a token has the files of another group in private",
        "handlers/handing_out.py",
        "if job is not None and await self.roles.may_have(person_id, job) else None\n",
        "if job is not None else None\n",
        FORGED,
    ),
    Mutant(
        "who was blocked is answered",
        "handlers/strangers.py",
        "    is_silent = admission is Admission.IGNORED\n",
        "    is_silent = False\n",
        FORGED,
    ),
    Mutant(
        "every group has its files taken unasked",
        "handlers/audience.py",
        "isinstance(chat_id, int) and chat_id in self.takes_files()",
        "isinstance(chat_id, int)",
        TALK,
    ),
    Mutant(
        "a command for another bot is taken for ours",
        "handlers/audience.py",
        "return addressee == name if addressee else command in OUR_COMMANDS",
        "return command in OUR_COMMANDS",
        TALK,
    ),
    Mutant(
        "a group sees what all chats have spent",
        "handlers/spend.py",
        'chat_id=None if chat.type == "private" else chat.id',
        "chat_id=None",
        ("tests/handlers/test_spend.py",),
    ),
)
