"""When somebody writes to us: the ordered list of routers."""

from typing import Any

from aiogram import Dispatcher

from handlers import (
    access,
    allowing,
    approvals,
    audience,
    buttons,
    chat_settings,
    commands,
    errors,
    find,
    first_contact,
    handing_out,
    history,
    intake,
    membership,
    overviews,
    pause,
    privacy,
    roles,
    spend,
    strangers,
    unknown_commands,
    unsure,
)


def build_dispatcher(**dependencies: Any) -> Dispatcher:  # noqa: ANN401  (aiogram hands them to handlers by name)
    """Put the routers together; the first that fits an update gets it.

    Args:
        dependencies: What handlers ask for by the names of their arguments.
    """
    dispatcher = Dispatcher(disable_fsm=True, **dependencies)
    dispatcher.update.outer_middleware(audience.Languages())
    dispatcher.update.outer_middleware(roles.Seen())
    dispatcher.callback_query.middleware(history.Redrawing())
    dispatcher.include_routers(
        membership.build_router(),
        handing_out.build_link_router(),
        strangers.build_router(),
        access.build_router(),
        unsure.build_router(),
        approvals.build_router(),
        spend.build_router(),
        pause.build_router(),
        privacy.build_router(),
        find.build_router(),
        chat_settings.build_router(),
        allowing.build_router(),
        first_contact.build_router(),
        history.build_router(),
        handing_out.build_router(),
        overviews.build_router(),
        buttons.build_router(),
        commands.build_router(),
        unknown_commands.build_router(),
        intake.build_router(),
    )
    dispatcher.errors.register(errors.last_resort)
    return dispatcher
