import pytest

from sandbox.team import NAMES, TEAM_IDS, add_team
from tests.sandbox.telegram_bot import Bot


@pytest.mark.parametrize("language", NAMES)
async def test_the_team_has_a_group_and_a_forum_that_the_bot_hears_of(bot: Bot, language: str) -> None:
    anna = bot.telegram.add_person("Anna")
    team = add_team(bot.telegram, anna, language)
    group, forum = bot.telegram.state.chats[team.group], bot.telegram.state.chats[team.forum]
    assert (group.type, group.status_of(anna.id), len(group.members)) == ("group", "creator", 4)
    assert [topic.name for topic in forum.topics.values()] == list(NAMES[language].topics)
    boris, vera, stranger = team.people
    assert (boris.id, vera.id) == TEAM_IDS
    assert (group.status_of(stranger.id), stranger.language_code) == ("left", language)
    added = [update["my_chat_member"] for update in await bot.updates() if "my_chat_member" in update]
    assert [one["from"]["id"] for one in added] == [anna.id, anna.id]
