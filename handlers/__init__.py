"""When somebody writes to us: the ordered list of routers."""

from typing import Any

from aiogram import Dispatcher, Router

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
    said,
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
    dispatcher.message.outer_middleware(said.Commands())
    dispatcher.callback_query.middleware(history.Redrawing())
    for router in build_routers():
        _take_over(dispatcher, router)
    dispatcher.errors.register(errors.last_resort)
    return dispatcher


def build_routers() -> tuple[Router, ...]:
    """Build the routers in their order."""
    return (
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


def _take_over(dispatcher: Dispatcher, router: Router) -> None:
    """Give the dispatcher a router's handlers.

    Asking a score of routers whether they have something for an update costs aiogram more than reading the update.
    """
    for kind, observer in router.observers.items():
        dispatcher.observers[kind].handlers.extend(map(said.passed_by, observer.handlers))
