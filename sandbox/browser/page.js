// The page: who I am, which chat is open, what I do, and what happens while I look. All of it through /sandbox/...

import { $, alertBox, avatar, button, closeMenu, copy, element, get, icon, menuItem, openMenu, post, postForm, refill, toast, tried } from "./basics.js";
import { isService, lay, nameOf, names, senderOf, snippet } from "./bubbles.js";
import { showControls } from "./controls.js";
import { refreshMoments } from "./rich.js";
import { clock, say, speak, spoken } from "./words.js";

const asked = new URLSearchParams(location.search);
const TYPING_SECONDS = 5.5;
const LONGEST = 4096;

// What the window knows. `stores` holds the messages of each chat that was opened: chat id -> message id -> message.
export const page = {
  person: null, people: [], bot: null, chats: new Map(), profile: { commands: [] },
  chatId: null, thread: 0, stores: new Map(), since: new Map(), loading: new Set(), unread: new Map(), busy: new Map(),
  openQuotes: new Set(), replyTo: null, editing: null, drafts: new Map(), cursor: 0, opened: null, forced: new Set(),
};

export const chat = () => page.chats.get(page.chatId);
const isPrivate = (one = chat()) => one.type === "private";
const place = () => ({ person_id: page.person.id, chat_id: page.chatId, ...(page.thread && { thread_id: page.thread }) });
const placeKey = (chatId, thread) => `${chatId}:${thread || 0}`;
const threadOf = (message) => (page.chats.get(message.chat.id)?.is_forum ? message.message_thread_id || 0 : 0);
const titleOf = (one) => (one.type === "private" ? nameOf(page.bot) : one.title);
const forBot = (command) => (isPrivate() || command.includes("@") ? command : `${command}@${page.bot.username}`);

// ---- coming in

async function enter() {
  const state = await get("/sandbox/state");
  page.people = state.people.filter((one) => !one.is_bot);
  const wanted = Number(asked.get("person") || sessionStorage.person);
  const first = page.people.find((one) => one.id === wanted) || page.people[0];
  theme(asked.get("theme") || localStorage.theme);
  await become(first.id, asked.get("chat"), Number(asked.get("thread") || 0));
  listen();
  setInterval(refreshMoments, 30000);
}

async function become(personId, chatWord, thread) {
  page.drafts.clear();
  page.unread.clear();
  $("text").value = "";
  page.person = { id: personId };
  await look();
  sessionStorage.person = personId;
  speak(asked.get("lang") || (page.person.language_code || "en").slice(0, 2));
  const number = Number(chatWord === "bot" ? personId : chatWord);
  await openChat(page.chats.has(number) ? number : page.chats.keys().next().value, thread);
}

async function look() {
  const view = await get("/sandbox/view", { person_id: page.person.id });
  if (page.opened && page.opened !== view.opened) location.reload();  // another world at the same address
  page.opened = view.opened;
  page.person = view.person;
  page.people = view.people;
  page.bot = view.bot;
  page.cursor = page.cursor || view.cursor;
  page.chats = new Map(view.chats.map((one) => [one.id, one]));
  if (page.chatId && !page.chats.has(page.chatId)) {
    const heir = view.chats.find((one) => one.migrated_from === page.chatId);
    await openChat(heir ? heir.id : page.person.id, 0);
  }
}

let looking = 0;
function lookSoon() {
  clearTimeout(looking);
  looking = setTimeout(async () => {
    await tried(look);
    await load(page.chatId);
    draw();
  }, 60);
}

async function openChat(chatId, thread = 0) {
  keepDraft();
  Object.assign(page, { chatId, thread, replyTo: null, editing: null });
  page.unread.delete(placeKey(chatId, thread));
  await load(chatId);
  await meetBot();
  $("text").value = page.drafts.get(placeKey(chatId, thread)) || "";
  const query = new URLSearchParams({ person: page.person.id, chat: chatId, ...(thread && { thread }) });
  for (const word of ["theme", "lang"]) if (asked.get(word)) query.set(word, asked.get(word));
  history.replaceState(null, "", `?${query}`);
  $("messages").replaceChildren();
  draw();
  toEnd();
}

// What the bot calls itself and which commands it shows, to this person in this chat.
async function meetBot() {
  page.profile = await get("/sandbox/profile", { person_id: page.person.id, chat_id: page.chatId });
  names.set(page.bot.id, page.profile.name);
}

// The messages of a chat, and of the group it was before it became a supergroup. What happens while they are on their
// way is done to them when they are here.
async function load(chatId, again = false) {
  for (const id of [page.chats.get(chatId)?.migrated_from, chatId]) {
    const unopened = id === page.person.id && page.chats.get(id).bot_status === "left";
    if (!id || unopened || (page.stores.has(id) && !again)) continue;
    const loading = { id, events: [] };
    page.loading.add(loading);
    try {
      const answer = await get("/sandbox/messages", { chat_id: id });
      page.stores.set(id, new Map(answer.messages.map((one) => [one.message_id, one])));
      page.since.set(id, answer.cursor);
    } finally {
      page.loading.delete(loading);
    }
    loading.events.forEach(put);
  }
}

// Do to the messages of a chat what an event says.
function put(event) {
  for (const one of page.loading) if (one.id === event.chat_id) one.events.push(event);
  const store = page.stores.get(event.chat_id);
  if (!store || event.cursor <= page.since.get(event.chat_id)) return;
  const id = event.message?.message_id ?? event.message_id, before = store.get(id);
  if (event.message) store.set(id, { ...event.message, reactions: before?.reactions });
  else if (before && event.event === "deleted") before.deleted = true;
  else if (before) before.reactions = event.reaction;
}

// ---- what happens

function listen() {
  const stream = new EventSource(`/sandbox/events?after=${page.cursor}`);
  const on = (kind, act) => stream.addEventListener(kind, (event) => {
    page.cursor = Number(event.lastEventId);
    act(JSON.parse(event.data));
  });
  stream.addEventListener("open", () => {
    if (document.body.classList.contains("lost")) lookSoon();
    document.body.classList.remove("lost");
    drawHead();
  });
  stream.addEventListener("error", () => { document.body.classList.add("lost"); drawHead(); });
  on("message", came);
  on("edited", came);
  for (const kind of ["deleted", "reaction"]) on(kind, (event) => { put(event); draw(); });
  on("action", (event) => {
    page.busy.set(event.chat_id, { action: event.action, until: Date.now() + TYPING_SECONDS * 1000 });
    drawHead();
    setTimeout(drawHead, TYPING_SECONDS * 1000 + 100);
  });
  for (const kind of ["member", "left", "person"]) on(kind, lookSoon);
  on("profile", async () => { await meetBot(); draw(); });
  addEventListener("pagehide", () => stream.close());
}

function came(told) {
  const { chat_id: chatId, message, event } = told;
  const known = page.chats.get(chatId);
  put(told);
  if (!known && chatId !== chat()?.migrated_from) return void lookSoon();
  if (isService(message)) lookSoon();
  if (message.from_bot) page.busy.delete(chatId);
  if (event === "message") {
    if (known) known.last_message = message;
    const here = chatId === page.chatId && threadOf(message) === page.thread && !document.hidden;
    if (!here && message.from?.id !== page.person.id) {
      const at = placeKey(chatId, threadOf(message));
      page.unread.set(at, (page.unread.get(at) || 0) + 1);
    }
    if (chatId === page.chatId && message.from?.id === page.person.id) requestAnimationFrame(toEnd);
  } else if (known?.last_message?.message_id === message.message_id) known.last_message = message;
  draw();
}

// ---- drawing

export function draw() {
  if (!chat()) return;
  drawList();
  drawHead();
  drawTopics();
  drawMessages();
  drawBottom();
  showControls.refresh?.();
}

function unreadOf(chatId) {
  let sum = 0;
  for (const [at, count] of page.unread) if (at.startsWith(`${chatId}:`)) sum += count;
  return sum;
}

function drawList() {
  refill($("me"), avatar(page.person.id, page.person.first_name), element("b", {}, page.person.first_name), icon("down"));
  $("me").setAttribute("aria-label", `${say("me")}: ${page.person.first_name}`);
  for (const one of $("languages").children) one.setAttribute("aria-pressed", String(one.dataset.language === spoken()));
  $("theme").setAttribute("aria-label", say("theme"));
  $("hint").textContent = say("hint");
  refill($("chats"), ...[...page.chats.values()].map((one) => {
    const made = button("", () => { document.body.dataset.pane = "chat"; openChat(one.id); }, "chat-line");
    const last = one.last_message, count = unreadOf(one.id);
    const who = last && one.type !== "private" && !isService(last) ? `${last.from?.id === page.person.id ? say("you") : nameOf(senderOf(last))}: ` : "";
    made.append(avatar(one.type === "private" ? page.bot.id : one.id, titleOf(one), one.type === "private" ? "robot" : ""));
    made.append(element("span", { class: "described" },
      element("span", { class: "top" }, element("b", {}, titleOf(one)), element("time", {}, last ? clock(last.date) : "")),
      element("span", { class: "top" }, element("small", {}, last ? who + snippet(last) : say("bot")), count ? element("i", { class: "count" }, String(count)) : "")));
    made.setAttribute("aria-current", String(one.id === page.chatId));
    made.dataset.chat = one.id;
    return made;
  }));
  const all = [...page.unread.values()].reduce((sum, one) => sum + one, 0);
  document.title = `${all ? `(${all}) ` : ""}${page.person.first_name} · ${titleOf(chat())}`;
}

function drawHead() {
  const one = chat();
  if (!one) return;
  $("chat-avatar").replaceChildren(avatar(isPrivate() ? page.bot.id : one.id, titleOf(one), isPrivate() ? "robot" : ""));
  $("title").textContent = titleOf(one);
  const busy = page.busy.get(page.chatId);
  const here = one.members.filter((member) => !["left", "kicked"].includes(member.status)).length;
  let below = isPrivate() ? say("bot") : say("members", here);
  if (busy && busy.until > Date.now()) below = `${nameOf(page.bot)} ${say(busy.action === "typing" ? "typing" : "busy")} …`;
  if (document.body.classList.contains("lost")) below = `${say("waiting")} …`;
  $("subtitle").textContent = below;
  $("subtitle").classList.toggle("busy", Boolean(busy && busy.until > Date.now()));
  $("back").setAttribute("aria-label", say("back"));
  $("controls-button").setAttribute("aria-label", say("controls"));
  $("to-end").setAttribute("aria-label", say("toEnd"));
}

function drawTopics() {
  $("topics").hidden = !chat().is_forum;
  if (!chat().is_forum) return;
  const topics = [{ thread_id: 0, name: say("general") }, ...chat().topics];
  refill($("topics"), ...topics.map((topic) => {
    const made = button(topic.name, () => openChat(page.chatId, topic.thread_id));
    made.setAttribute("role", "tab");
    made.setAttribute("aria-selected", String(topic.thread_id === page.thread));
    const count = page.unread.get(placeKey(page.chatId, topic.thread_id));
    if (count) made.append(element("i", { class: "count" }, String(count)));
    return made;
  }));
}

function shownMessages() {
  const stores = [chat().migrated_from, page.chatId].map((id) => page.stores.get(id)).filter(Boolean);
  const all = stores.flatMap((store) => [...store.values()]);
  const once = all.filter((one) => !one.deleted && !("migrate_from_chat_id" in one));
  return chat().is_forum ? once.filter((one) => threadOf(one) === page.thread) : once;
}

const context = {
  get person() { return page.person; },
  get group() { return !isPrivate(); },
  get version() { return `${spoken()} ${isPrivate()} ${nameOf(page.bot)}`; },
  open: page.openQuotes,
  send: (command) => sendText(forBot(command)),
  press, openLink, reply, more, find,
};

function drawMessages() {
  const messages = shownMessages(), atEnd = isAtEnd();
  const shown = chat().is_forum ? messages.filter((one) => !one.forum_topic_created || page.thread) : messages;
  const newly = lay($("messages"), shown, context);
  if (atEnd) toEnd();
  else if (newly) $("to-end").querySelector("b").textContent = newly;
  force(messages.at(-1));
}

function drawBottom() {
  const one = chat(), messages = shownMessages();
  const blocked = isPrivate() && one.bot_status === "kicked";
  const fresh = isPrivate() && !blocked && (one.bot_status !== "member" || messages.length === 0);
  const topic = one.topics.find((each) => each.thread_id === page.thread);
  const may = one.may_write && !(topic?.closed && !["creator", "administrator"].includes(one.status));
  $("about").hidden = !(fresh && page.profile.description);
  $("about").replaceChildren(element("b", {}, say("what")), element("p", {}, page.profile.description || ""));
  $("start").hidden = !(fresh || blocked);
  $("start").textContent = say(blocked ? "restart" : "start");
  $("composer").hidden = fresh || blocked || !may;
  $("cannot").hidden = may || fresh || blocked;
  $("cannot").textContent = say("cannotWrite");
  const sent = messages.some((each) => !each.from_bot && (each.document || each.text?.length > 200));
  const offer = !fresh && !blocked && may && !sent && one.bot_status !== "left" && one.bot_status !== "kicked";
  refill($("offers"), ...(offer ? [button(say(isPrivate() ? "offerSample" : "offerHere"), sendSample)] : []));
  $("text").placeholder = page.placeholder || say("message");
  $("text").setAttribute("aria-label", say("message"));
  $("attach").setAttribute("aria-label", say("attach"));
  $("menu-button").setAttribute("aria-label", say("commands"));
  $("send").setAttribute("aria-label", say("send"));
  $("drop").firstElementChild.textContent = say("drop");
  const about = page.editing || page.replyTo;
  $("strip").hidden = !about;
  if (about) {
    $("strip").querySelector("b").textContent = page.editing ? say("editing") : say("replyTo", nameOf(senderOf(about)));
    $("strip").querySelector("span").textContent = snippet(about);
    $("strip").querySelector("button").setAttribute("aria-label", say("cancel"));
  }
  grow();
}

const isAtEnd = () => $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 120;
function toEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  $("to-end").hidden = true;
}

function find(id) {
  const row = document.querySelector(`[data-key="${CSS.escape(id)}"]`);
  if (!row) return;
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.classList.remove("found");
  requestAnimationFrame(() => row.classList.add("found"));
}

// ---- what I do

function keepDraft() {
  if (page.chatId) page.drafts.set(placeKey(page.chatId, page.thread), page.editing ? "" : $("text").value);
}

async function sendText(text) {
  if (!text.trim()) return;
  const replying = page.replyTo && page.replyTo.chat.id === page.chatId ? { reply_to: page.replyTo.message_id } : {};
  const { editing } = page;
  Object.assign(page, { replyTo: null, editing: null, placeholder: null });
  drawBottom();
  const sent = await tried(() => editing
    ? post("/sandbox/edit", { person_id: page.person.id, chat_id: editing.chat.id, message_id: editing.message_id, text })
    : post("/sandbox/paste", { ...place(), ...replying, text }));
  if (!sent && !$("text").value) {
    $("text").value = text;
    grow();
  }
}

async function start() {
  const person = { person_id: page.person.id };
  await tried(async () => {
    await post(chat().bot_status === "kicked" ? "/sandbox/unblock" : "/sandbox/private_chat", person);
    await look();
    await post("/sandbox/send_text", { ...place(), text: "/start" });
  });
  await load(page.chatId, true);
  draw();
  $("text").focus({ preventScroll: true });
}

async function sendFiles(files, caption) {
  const group = files.length > 1 ? String(Date.now()) : null;
  const replying = page.replyTo;
  page.replyTo = null;
  for (const [index, file] of files.entries()) {
    const form = new FormData();
    for (const [word, value] of Object.entries(place())) form.set(word, value);
    if (caption && index === 0) form.set("caption", caption);
    if (replying) form.set("reply_to", replying.message_id);
    if (group) form.set("media_group_id", group);
    form.set("file_name", file.name);  // a browser writes quotes in the name of the part itself as %22
    form.set("file", file, "file");
    await tried(() => postForm("/sandbox/send_document", form));
  }
  drawBottom();
}

async function sendSample() {
  const data = await (await fetch("/page/sample")).blob();
  const name = spoken() === "ru" ? "база ноябрь.txt" : "base nov.txt";
  await sendFiles([new File([data], name, { type: "text/plain" })], isPrivate() ? "" : forBot("/check"));
}

const sendContact = () => tried(() => post("/sandbox/send_contact", {
  ...place(), first_name: "Grace", last_name: "Hopper", phone_number: "+1 202-555-0147" }));

function askToSend(files) {
  if (!files.length || $("composer").hidden) return;
  const box = $("sending");
  box.querySelector("h2").textContent = say("files", files.length);
  box.querySelector("ul").replaceChildren(...files.map((file) => element("li", {}, file.name)));
  $("caption").value = "";
  $("caption").placeholder = isPrivate() ? say("caption") : `${say("caption")}: ${forBot("/check")}`;
  $("caption").setAttribute("aria-label", say("caption"));
  const [cancel, send] = box.querySelectorAll("button");
  cancel.textContent = say("cancel");
  send.textContent = say("send");
  cancel.onclick = () => box.close("cancel");
  box.onclose = () => { if (box.returnValue === "send") sendFiles(files, $("caption").value.trim()); };
  box.returnValue = "";
  box.showModal();
  $("caption").focus();
}

async function press(message, one, key) {
  if (key.classList.contains("waiting")) return;
  key.classList.add("waiting");
  const where = { person_id: page.person.id, chat_id: message.chat.id, message_id: message.message_id };
  const answer = await tried(() => post("/sandbox/press", { ...where, data: one.callback_data }));
  key.classList.remove("waiting");
  if (!answer) return;
  if (!answer.answered) toast(say("noAnswer"), true);
  else if (answer.url) openLink(answer.url) || open(answer.url, "_blank", "noopener,noreferrer");
  else if (answer.show_alert && answer.text) alertBox(answer.text);
  else if (answer.text) toast(answer.text);
}

// Follow a link that leads to the bot; false for any other.
function openLink(address) {
  const link = new RegExp(`^(?:https?://t\\.me/${page.bot.username}(?:\\?(.*))?|tg://resolve\\?(.*))$`, "i").exec(address);
  if (!link) return false;
  const query = new URLSearchParams(link[1] || link[2] || "");
  const word = query.get("start");
  if (link[2] && query.get("domain") !== page.bot.username) return false;
  document.body.dataset.pane = "chat";
  tried(async () => {
    if (word) await post("/sandbox/open_link", { person_id: page.person.id, url: `https://t.me/${page.bot.username}?start=${word}` });
    await look();
    await openChat(page.person.id);
  });
  return true;
}

function reply(message) {
  Object.assign(page, { replyTo: message, editing: null });
  drawBottom();
  $("text").focus();
}

function more(message, by, at) {
  const mine = message.from?.id === page.person.id, text = message.text ?? message.caption ?? "";
  openMenu(by, [
    menuItem(say("reply"), () => reply(message)),
    text && menuItem(say("copyText"), () => copy(text)),
    mine && menuItem(say("edit"), () => {
      Object.assign(page, { editing: message, replyTo: null });
      $("text").value = text;
      drawBottom();
      $("text").focus();
    }),
    mine && menuItem(say("remove"), () => tried(() => post("/sandbox/delete", { chat_id: message.chat.id, message_id: message.message_id })), { style: "danger" }),
  ], at);
}

// A message of the bot that asks for a reply gets one, as in Telegram; once, and where it means me.
function force(message) {
  if (!message?.from_bot || !message.reply_markup?.force_reply || page.forced.has(`${message.chat.id}:${message.message_id}`)) return;
  const means = !message.reply_markup.selective || isPrivate() || message.reply_to_message?.from?.id === page.person.id;
  page.forced.add(`${message.chat.id}:${message.message_id}`);
  if (!means) return;
  page.replyTo = message;
  page.placeholder = message.reply_markup.input_field_placeholder || null;
  if (!document.hidden && matchMedia("(pointer: fine)").matches) $("text").focus();
}

function commandItems(begin = "") {
  const found = page.profile.commands.filter((one) => one.command.startsWith(begin));
  return found.map((one) => menuItem(`/${one.command}`, () => {
    $("text").value = "";
    grow();
    sendText(forBot(`/${one.command}`));
  }, { note: one.description }));
}

function grow() {
  const field = $("text");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
  $("send").classList.toggle("ready", Boolean(field.value.trim()));
}

async function speakAs(code) {
  asked.delete("lang");
  speak(code);
  await tried(() => post("/sandbox/language", { person_id: page.person.id, language_code: code }));
  await meetBot();
  draw();
}

function theme(which) {
  if (which === "dark" || which === "light") document.documentElement.dataset.theme = which;
}

function switchPerson() {
  openMenu($("me"), page.people.map((one) => {
    const line = element("div", { class: "person", role: "none" });
    const here = menuItem(one.first_name, () => { asked.delete("lang"); tried(() => become(one.id, isPrivate() ? "bot" : page.chatId, page.thread)); },
      { icon: avatar(one.id, one.first_name), style: one.id === page.person.id ? "chosen" : "" });
    here.title = say("here");
    const there = element("a", { href: `/?person=${one.id}`, target: "_blank", rel: "noopener", role: "menuitem", title: say("window"), "aria-label": `${one.first_name}: ${say("window")}` }, icon("out"));
    line.append(here, there);
    return line;
  }));
}

// ---- hands on the page

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  $("text").value = "";
  grow();
  sendText(text);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  } else if (event.key === "Escape" && (page.replyTo || page.editing)) unstrip();
  else if (event.key === "ArrowUp" && !$("text").value) {
    const mine = shownMessages().filter((one) => one.from?.id === page.person.id && one.text).at(-1);
    if (mine) { event.preventDefault(); page.editing = mine; $("text").value = mine.text; drawBottom(); }
  }
});
$("text").addEventListener("input", () => {
  grow();
  const word = /^\/(\w*)$/.exec($("text").value);
  if (!word) { if (!$("menu").hidden) { closeMenu(); $("text").focus(); } return; }
  const items = commandItems(word[1]);
  closeMenu();
  if (items.length) openMenu($("menu-button"), items);
  $("text").focus();
});
$("text").addEventListener("paste", (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  askToSend([...event.clipboardData.files]);
});
function unstrip() {
  if (page.editing) $("text").value = "";
  Object.assign(page, { replyTo: null, editing: null, placeholder: null });
  drawBottom();
}
$("strip").querySelector("button").addEventListener("click", unstrip);
$("start").addEventListener("click", start);
$("me").addEventListener("click", switchPerson);
$("back").addEventListener("click", () => { document.body.dataset.pane = "list"; });
$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).getPropertyValue("--is-dark").trim() === "1";
  localStorage.theme = dark ? "light" : "dark";
  asked.delete("theme");
  theme(localStorage.theme);
});
$("languages").addEventListener("click", (event) => { if (event.target.dataset.language) speakAs(event.target.dataset.language); });
$("menu-button").addEventListener("click", () => openMenu($("menu-button"), commandItems()));
$("attach").addEventListener("click", () => openMenu($("attach"), [
  menuItem(say("file"), () => $("file").click()), menuItem(say("sample"), sendSample),
  menuItem(say("contact"), sendContact)]));
$("file").addEventListener("change", () => { askToSend([...$("file").files]); $("file").value = ""; });
$("controls-button").addEventListener("click", () => showControls());
$("to-end").addEventListener("click", toEnd);
$("scroll").addEventListener("scroll", () => { $("to-end").hidden = isAtEnd(); if (isAtEnd()) $("to-end").querySelector("b").textContent = ""; });
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!closeMenu() && !$("controls").hidden) showControls(false);
});
let over = 0;
const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
addEventListener("dragenter", (event) => { if (carriesFiles(event)) { over += 1; $("drop").hidden = $("composer").hidden; } });
addEventListener("dragleave", (event) => { if (carriesFiles(event) && --over <= 0) { over = 0; $("drop").hidden = true; } });
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  over = 0;
  $("drop").hidden = true;
  askToSend([...(event.dataTransfer?.files || [])]);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && page.chatId) { page.unread.delete(placeKey(page.chatId, page.thread)); draw(); } });
new ResizeObserver(() => { if (isAtEnd()) toEnd(); }).observe($("messages"));

enter().catch((error) => toast(error.message, true));
