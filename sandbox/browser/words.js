// The page's own few words, and how it writes times and sizes. What the bot says comes from the bot.

const WORDS = {
  en: {
    bot: "bot", members: (n) => `${n} members`, typing: "is typing", busy: "is sending a file",
    waiting: "Connection lost, trying again", message: "Message", 
    today: "Today", yesterday: "Yesterday", edited: "edited", you: "You", 
    photo: "Photo", general: "General",
    start: "START", restart: "RESTART BOT", what: "What can this bot do?",
    send: "Send", cancel: "Cancel", caption: "Caption", file: "File…", sample: "Sample list", contact: "Sample contact",
    offerSample: "Send the sample list", offerHere: "Send the sample list here", drop: "Drop files here to send them",
    files: (n) => (n === 1 ? "Send a file" : `Send ${n} files`),
    reply: "Reply", copyText: "Copy text", edit: "Edit", remove: "Delete", replyTo: (name) => `Reply to ${name}`,
    copied: "Copied", editing: "Edit message", attach: "Attach a file", commands: "Commands", more: "More",
    controls: "Controls", theme: "Dark or light", back: "Back to the chats", toEnd: "To the newest message", close: "Close",
    noAnswer: "The bot has not answered", notHere: "The sandbox cannot do this", cannotWrite: "You cannot write here",
    me: "Who am I", here: "be this person here", window: "in another window", unsent: "Not sent",
    hint: "A sandbox: nobody is real, nothing costs money.",
    expand: "Show all", collapse: "Show less",
    joined: (who, by) => (by && by !== who ? `${by} added ${who}` : `${who} joined`),
    left: (who, by) => (by && by !== who ? `${by} removed ${who}` : `${who} left`),
    upgraded: "The group became a supergroup", topicOpened: (name) => `Topic “${name}” was created`,
    topicClosed: "The topic was closed", topicReopened: "The topic was opened again", something: "Something happened",
    // controls
    thisChat: "This chat", status: { creator: "owner", administrator: "admin", member: "member", restricted: "restricted", left: "not here", kicked: "banned" },
    upgrade: "Turn into a supergroup", block: "Block the bot", unblock: "Unblock the bot",
    language: (name) => `${name}’s language`, checker: "Checking API", pace: "Numbers a second", minute: "Let a minute pass", goOn: "Let the check that stands still go on",
    spent: (sum) => `Spent: $${sum}`, charges: (n) => (n === 1 ? "1 charge" : `${n} charges`), noCharges: "Nothing was charged yet.",
    balance: "Balance, $ (empty: never runs out)", set: "Set", numbers: (n) => (n === 1 ? "1 number" : `${n} numbers`),
    telegramFaults: "Faults of Telegram", checkFaults: "Faults of the checking API",
    strike: "A fault strikes", once: "once", thrice: "three times", always: "until it is switched off", options: "Options, as JSON",
    refused: "What the strict Telegram refused the bot", nothingRefused: "Nothing so far.", struck: (n) => `struck ${n}×`,
  },
  ru: {
    bot: "бот", members: (n) => `${n} ${few(n, "участник", "участника", "участников")}`, typing: "печатает", busy: "отправляет файл",
    waiting: "Связь прервалась, пробую снова", message: "Сообщение", 
    today: "Сегодня", yesterday: "Вчера", edited: "изменено", you: "Вы", 
    photo: "Фото", general: "Общая",
    start: "СТАРТ", restart: "ПЕРЕЗАПУСТИТЬ БОТА", what: "Что умеет этот бот?",
    send: "Отправить", cancel: "Отмена", caption: "Подпись", file: "Файл…", sample: "Пример списка", contact: "Пример контакта",
    offerSample: "Отправить пример списка", offerHere: "Отправить сюда пример списка", drop: "Отпустите файлы здесь, чтобы отправить",
    files: (n) => (n === 1 ? "Отправить файл" : `Отправить ${n} ${few(n, "файл", "файла", "файлов")}`),
    reply: "Ответить", copyText: "Скопировать текст", edit: "Изменить", remove: "Удалить", replyTo: (name) => `В ответ: ${name}`,
    copied: "Скопировано", editing: "Изменение сообщения", attach: "Прикрепить файл", commands: "Команды", more: "Ещё",
    controls: "Управление", theme: "Тёмная или светлая тема", back: "К чатам", toEnd: "К последнему сообщению", close: "Закрыть",
    noAnswer: "Бот не ответил", notHere: "В песочнице этого нет", cannotWrite: "Здесь нельзя писать",
    me: "Кто я", here: "стать этим человеком здесь", window: "в другом окне", unsent: "Не отправлено",
    hint: "Песочница: людей на самом деле нет, денег это не стоит.",
    expand: "Показать всё", collapse: "Свернуть",
    joined: (who, by) => (by && by !== who ? `${by} добавляет в группу: ${who}` : `${who} теперь в группе`),
    left: (who, by) => (by && by !== who ? `${by} удаляет из группы: ${who}` : `${who} больше не в группе`),
    upgraded: "Группа стала супергруппой", topicOpened: (name) => `Создана тема «${name}»`,
    topicClosed: "Тема закрыта", topicReopened: "Тема снова открыта", something: "Что-то произошло",
    thisChat: "Этот чат", status: { creator: "владелец", administrator: "админ", member: "участник", restricted: "ограничен", left: "не в чате", kicked: "в бане" },
    upgrade: "Сделать супергруппой", block: "Заблокировать бота", unblock: "Разблокировать бота",
    language: (name) => `Язык: ${name}`, checker: "Сервис проверки", pace: "Номеров в секунду", minute: "Пропустить минуту", goOn: "Продолжить проверку, которая стоит",
    spent: (sum) => `Потрачено: $${sum}`, charges: (n) => `${n} ${few(n, "списание", "списания", "списаний")}`, noCharges: "Ещё ничего не списано.",
    balance: "Баланс, $ (пусто: не кончается)", set: "Задать", numbers: (n) => `${n} ${few(n, "номер", "номера", "номеров")}`,
    telegramFaults: "Сбои Telegram", checkFaults: "Сбои сервиса проверки",
    strike: "Сбой случится", once: "один раз", thrice: "три раза", always: "пока не выключен", options: "Параметры, JSON",
    refused: "В чём строгий Telegram отказал боту", nothingRefused: "Пока ни в чём.", struck: (n) => `случился ${n}×`,
  },
};

let language = "en";

function few(n, one, some, many) {
  const form = new Intl.PluralRules("ru").select(n);
  return form === "one" ? one : form === "few" ? some : many;
}

export function speak(code) {
  language = WORDS[code] ? code : "en";
  document.documentElement.lang = language;
}

export const spoken = () => language;

export function say(word, ...given) {
  const said = WORDS[language][word];
  return typeof said === "function" ? said(...given) : said;
}

const format = (options) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options);

export const clock = (unix) => format({ hour: "2-digit", minute: "2-digit" }).format(unix * 1000);

export function day(unix) {
  const date = new Date(unix * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return say("today");
  if (days === 1) return say("yesterday");
  return format({ day: "numeric", month: "long", ...(days > 300 && { year: "numeric" }) }).format(date);
}

export const fullDate = (unix) => format({ dateStyle: "full", timeStyle: "medium" }).format(unix * 1000);

// What Telegram shows for a date_time entity: "r" is relative, else w, d or D, t or T; nothing keeps the bot's words.
export function dateTime(unix, shape) {
  if (shape === "r") return relative(unix - Date.now() / 1000);
  const parts = [];
  if (shape.includes("w")) parts.push(format({ weekday: "long" }).format(unix * 1000));
  if (shape.includes("d")) parts.push(format({ day: "2-digit", month: "2-digit", year: "2-digit" }).format(unix * 1000));
  if (shape.includes("D")) parts.push(format({ day: "numeric", month: "long", year: "numeric" }).format(unix * 1000));
  if (shape.includes("t")) parts.push(clock(unix));
  if (shape.includes("T")) parts.push(format({ timeStyle: "medium" }).format(unix * 1000));
  return parts.join(", ");
}

function relative(seconds) {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, size] of [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(Math.trunc(seconds), "second");
}

export function size(bytes) {
  const units = language === "ru" ? ["Б", "КБ", "МБ", "ГБ"] : ["B", "KB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1024 && unit < 3) { bytes /= 1024; unit += 1; }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: unit ? 1 : 0 }).format(bytes)} ${units[unit]}`;
}
