// Messages as bubbles: who, what, when, the file, the buttons below. page.js decides which stand where.

import { avatar, button, copy, element, icon, toast } from "./basics.js";
import { rich } from "./rich.js";
import { clock, day, fullDate, say, size } from "./words.js";

const QUIET_SECONDS = 600;  // after so long the same sender's next bubble begins a new row of them

export const key = (message) => `${message.chat.id}:${message.message_id}`;
export const names = new Map();  // what the bot calls itself in the reader's language, by its id
export const nameOf = (user) => (user ? names.get(user.id) || user.first_name : "");
export const senderOf = (message) => message.sender_chat ? { id: message.sender_chat.id, first_name: message.sender_chat.title } : message.from;
export const isService = (message) => !["text", "document", "photo", "caption", "contact"].some((word) => word in message);

export function snippet(message) {
  if (!message) return "";
  if (isService(message)) return serviceText(message);
  const text = (message.text || message.caption || "").replace(/\s+/g, " ").slice(0, 120);
  if (message.photo) return text ? `${say("photo")} · ${text}` : say("photo");
  if (message.document) return text ? `${message.document.file_name} · ${text}` : message.document.file_name;
  return text;
}

// Put the list into the element, keeping what is there already; give how many were added at the end.
export function lay(place, messages, context) {
  const known = new Map([...place.children].map((one) => [one.dataset.key, one]));
  const wanted = [];
  let before = null, today = null, newly = 0;
  messages.forEach((message, index) => {
    const dated = day(message.date);
    if (dated !== today) {
      today = dated;
      before = null;
      wanted.push(known.get(`day:${dated}`) || element("div", { class: "day", "data-key": `day:${dated}` }, element("span", {}, dated)));
    }
    const id = key(message);
    let row = known.get(id);
    const version = JSON.stringify([message, context.version]);
    if (!row || row.version !== version) {
      const edited = row && row.version !== version;
      if (!row) newly += 1;
      const fresh = rowOf(message, context);
      if (edited) fresh.classList.add("changed");
      row = fresh;
      row.version = version;
      row.dataset.key = id;
    }
    const next = messages[index + 1];
    const first = !before || !together(before, message), last = !next || day(next.date) !== dated || !together(message, next);
    row.classList.toggle("first", first);
    row.classList.toggle("last", last);
    before = message;
    wanted.push(row);
  });
  const keep = new Set(wanted);
  for (const one of [...place.children]) if (!keep.has(one)) one.remove();
  wanted.forEach((one, index) => { if (place.children[index] !== one) place.insertBefore(one, place.children[index] || null); });
  return newly;
}

const together = (a, b) =>
  !isService(a) && !isService(b) && senderOf(a)?.id === senderOf(b)?.id && b.date - a.date < QUIET_SECONDS;

function rowOf(message, context) {
  if (isService(message)) {
    return element("div", { class: "service", "data-message-id": message.message_id, "data-chat-id": message.chat.id }, element("span", {}, serviceText(message)));
  }
  const sender = senderOf(message), mine = message.from?.id === context.person.id;
  const row = element("div", { class: `row ${mine ? "out" : "in"} ${message.from_bot ? "from-bot" : ""}` });
  const whole = element("div", { class: "message", "data-message-id": message.message_id, "data-chat-id": message.chat.id });
  if (context.group && !mine) row.append(avatar(sender?.id || 0, nameOf(sender) || "?", sender?.is_bot ? "robot" : ""));
  whole.append(bubble(message, sender, mine, context));
  const rows = message.reply_markup?.inline_keyboard;
  if (rows) whole.append(keyboard(message, rows, context));
  row.append(whole);
  const more = button("", () => context.more(message, more), "icon more");
  more.append(icon("more"));
  more.setAttribute("aria-label", say("more"));
  more.setAttribute("aria-haspopup", "menu");
  row.append(more);
  row.addEventListener("dblclick", (event) => { if (!event.target.closest("a, button, .press, .text")) context.reply(message); });
  row.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    context.more(message, more, { x: event.clientX, y: event.clientY });
  });
  return row;
}

const contactLine = ({ contact }) =>
  contact ? `${[contact.first_name, contact.last_name].filter(Boolean).join(" ")}\n${contact.phone_number}` : "";

function bubble(message, sender, mine, context) {
  const made = element("article", { class: "bubble" });
  if (context.group && !mine) made.append(element("div", { class: `name c${Math.abs(sender?.id || 0) % 7}` }, nameOf(sender)));
  if (message.reply_to_message) made.append(quoted(message.reply_to_message, message, context));
  const text = message.text ?? message.caption ?? contactLine(message);
  const body = element("div", { class: "text" });
  const told = { ...context, key: key(message) };
  if (text) body.append(rich(text, message.entities || message.caption_entities, told));
  const meta = element("span", { class: "meta" });
  if (message.edit_date) meta.append(element("i", {}, say("edited")));
  meta.append(element("time", { title: fullDate(message.date) }, clock(message.date)));
  if (mine) meta.append(icon("checks"));
  body.append(meta);
  const picture = message.photo && photo(message);
  if (message.document) made.append(file(message));
  if (picture && !message.show_caption_above_media) made.append(picture);
  made.append(body);
  if (picture && message.show_caption_above_media) made.append(picture);
  made.classList.toggle("pictured", Boolean(picture));
  made.classList.toggle("alone", Boolean(message.document) && !text);
  made.classList.toggle("bare", Boolean(picture) && !text);
  if (message.reactions?.length) made.append(element("div", { class: "reactions" }, ...message.reactions.map((one) => element("span", {}, one.emoji))));
  return made;
}

function quoted(replied, message, context) {
  const sender = senderOf(replied);
  const made = element("button", { type: "button", class: `quoted c${Math.abs(sender?.id || 0) % 7}` });
  made.append(element("b", {}, nameOf(sender)), element("span", {}, snippet(replied)));
  made.addEventListener("click", () => context.find(`${message.chat.id}:${replied.message_id}`));
  return made;
}

const address = (message) => `/sandbox/document?${new URLSearchParams({ chat_id: message.chat.id, message_id: message.message_id })}`;

const KINDS = { xlsx: "green", xls: "green", csv: "teal", tsv: "teal", txt: "blue", zip: "amber", vcf: "violet", pdf: "red", json: "amber" };

function file(message) {
  const { file_name: name, file_size: bytes } = message.document;
  const ending = name.includes(".") ? name.split(".").pop().toLowerCase() : "";
  const made = element("a", { class: "document", href: address(message), download: name });
  made.append(element("span", { class: `sheet ${KINDS[ending] || "grey"}`, "aria-hidden": "true" }, ending.slice(0, 4) || "?"));
  made.append(element("span", { class: "described" }, element("b", {}, name), element("small", {}, size(bytes))));
  return made;
}

function photo(message) {
  const largest = message.photo[message.photo.length - 1];
  const made = element("img", { class: "photo", src: address(message), alt: say("photo"), width: largest.width, height: largest.height, loading: "lazy" });
  if (message.has_media_spoiler) made.classList.add("spoiled");
  const link = element("a", { href: address(message), target: "_blank", class: "picture" }, made);
  link.addEventListener("click", (event) => { if (made.classList.contains("spoiled")) { event.preventDefault(); made.classList.remove("spoiled"); } });
  return link;
}

function keyboard(message, rows, context) {
  const made = element("div", { class: "keyboard" });
  for (const row of rows) {
    const line = element("div", { class: "keys" });
    for (const one of row) line.append(keyOf(message, one, context));
    made.append(line);
  }
  return made;
}

function keyOf(message, one, context) {
  const made = button("", () => {}, `key ${one.style || ""}`);
  made.append(element("span", {}, one.text));
  if (one.url) {
    made.append(icon("out"));
    made.addEventListener("click", () => { if (!context.openLink(one.url)) open(one.url, "_blank", "noopener,noreferrer"); });
  } else if (one.copy_text) {
    made.append(icon("copy"));
    made.addEventListener("click", () => copy(one.copy_text.text));
  } else if (one.callback_data) {
    made.addEventListener("click", () => context.press(message, one, made));
  } else {
    made.disabled = "disabled" in one;
    made.addEventListener("click", () => toast(say("notHere")));
  }
  return made;
}

export function serviceText(message) {
  const by = nameOf(senderOf(message));
  if (message.new_chat_members) return message.new_chat_members.map((one) => say("joined", nameOf(one), by)).join(", ");
  if (message.left_chat_member) return say("left", nameOf(message.left_chat_member), by);
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return say("upgraded");
  if (message.forum_topic_created) return say("topicOpened", message.forum_topic_created.name);
  if (message.forum_topic_closed) return say("topicClosed");
  if (message.forum_topic_reopened) return say("topicReopened");
  return say("something");
}
