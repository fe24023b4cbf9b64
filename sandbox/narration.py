"""What the demo says beside the conversation, in the languages of the bot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Narration:
    """The demo's own sentences; what stands in braces is filled in."""

    person: str
    list_name: str
    title: str
    starting: str
    presses: str
    toast: str
    edited: str
    more_lines: str
    workbook: str
    ledger: str
    agrees: str
    saved: str
    next: str


ENGLISH = Narration(
    person="Anna",
    list_name="base nov.txt",
    title="A rehearsal: the real bot, a local Telegram, a local checking API. No token, no money, no real person.",
    starting="Starting the bot ...",
    presses="{person} presses [ {label} ]",
    toast="For a moment Telegram shows: {text}",
    edited="the same message, edited",
    more_lines="... and {count} more lines",
    workbook="The workbook, sheet {sheet}:",
    ledger="The checking API's ledger: {charges} charge, {count} numbers, {amount} {currency}.",
    agrees="Checked: the charge, every row of the workbook, the summary and the file agree with the ledger.",
    saved="The workbook is in {path}",
    next="Next: try it in a browser, with a team's group: make sandbox, then open {page}",
)

RUSSIAN = Narration(
    person="Анна",
    list_name="база ноябрь.txt",
    title="Репетиция: настоящий бот, местный Telegram, местный сервис проверки. Без токена, без денег, без людей.",
    starting="Бот запускается ...",
    presses="{person} нажимает [ {label} ]",
    toast="На миг Telegram показывает: {text}",
    edited="то же сообщение, изменено",
    more_lines="... и ещё строк: {count}",
    workbook="Книга, лист {sheet}:",
    ledger="Счёт сервиса проверки: списаний {charges}, номеров {count}, {amount} {currency}.",
    agrees="Сверено: списание, каждая строка книги, сводка и файл совпадают со счётом сервиса.",
    saved="Книга лежит в {path}",
    next="Дальше: попробуйте в браузере, там есть и группа: make sandbox LANGUAGE=ru, затем откройте {page}",
)

NARRATIONS = {"en": ENGLISH, "ru": RUSSIAN}
