// A message's text with its entities, as elements. Everything becomes text nodes: nothing of a message is ever markup.

import { dateTime, fullDate, say } from "./words.js";
import { copy, element, toast } from "./basics.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE = /^(https?|mailto|tel|tg):/i;

// context: { send(text), openLink(url), open: the set of quotes that stand open, key: of this message }
export function rich(text, entities, context) {
  const list = (entities || []).map((one) => ({ ...one, end: one.offset + one.length }));
  return within(text, 0, text.length, list.sort(order), context);
}

const order = (a, b) => a.offset - b.offset || b.end - a.end;

function within(text, from, to, list, context) {
  const made = document.createDocumentFragment();
  let place = from;
  while (list.length) {
    const one = list.shift();
    if (one.offset > place) made.append(text.slice(place, one.offset));
    const inner = [];
    while (list.length && list[0].offset < one.end) {
      const child = list.shift();
      if (child.end > one.end) {  // two that overlap: the rest of the second goes on behind the first
        list.push({ ...child, offset: one.end });
        list.sort(order);
      }
      inner.push({ ...child, end: Math.min(child.end, one.end) });
    }
    made.append(wrapped(one, text.slice(one.offset, one.end), within(text, one.offset, one.end, inner, context), context));
    place = one.end;
    if (BLOCKS.has(one.type) && text[place] === "\n") place += 1;
  }
  if (place < to) made.append(text.slice(place, to));
  return made;
}

function wrapped(one, text, inside, context) {
  const kind = one.type;
  if (TAGS[kind]) return element(TAGS[kind], {}, inside);
  if (kind === "code") return pressed("code", inside, () => copy(text));
  if (kind === "pre") return pressed("pre", inside, () => copy(text));
  if (kind === "spoiler") return spoiler(inside);
  if (kind === "blockquote") return element("blockquote", {}, inside);
  if (kind === "expandable_blockquote") return expandable(one, inside, context);
  if (kind === "date_time") return moment(one, text);
  if (kind === "bot_command") return pressed("span", inside, () => context.send(text), "link");
  if (kind === "phone_number") return pressed("span", inside, () => copy(text), "link");
  if (kind === "text_link" || kind === "url" || kind === "email") return link(one, text, inside, context);
  if (kind === "mention" || kind === "text_mention" || kind === "hashtag") return element("span", { class: "link" }, inside);
  return element("span", {}, inside);
}

function pressed(tag, inside, act, style = "") {
  const made = element(tag, { class: `press ${style}`, tabindex: 0, role: "button" }, inside);
  made.addEventListener("click", act);
  made.addEventListener("keydown", (event) => { if (event.key === "Enter") act(); });
  return made;
}

function spoiler(inside) {
  const made = pressed("span", inside, () => made.classList.add("open"), "spoiler");
  return made;
}

function expandable(one, inside, context) {
  const key = `${context.key}:${one.offset}`;
  const quote = element("blockquote", { class: "expandable" }, element("div", {}, inside));
  const button = element("button", { class: "expand", type: "button" });
  const show = () => {
    const open = context.open.has(key);
    quote.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = say(open ? "collapse" : "expand");
  };
  button.addEventListener("click", () => {
    if (!context.open.delete(key)) context.open.add(key);
    show();
  });
  quote.append(button);
  show();
  return quote;
}

function moment(one, text) {
  const shape = one.date_time_format || "";
  const made = element("time", { class: "press", datetime: new Date(one.unix_time * 1000).toISOString(), title: fullDate(one.unix_time) });
  made.textContent = shape ? dateTime(one.unix_time, shape) : text;
  if (shape === "r") made.dataset.relative = one.unix_time;
  made.addEventListener("click", () => toast(fullDate(one.unix_time)));
  return made;
}

export function refreshMoments() {
  for (const one of document.querySelectorAll("time[data-relative]")) one.textContent = dateTime(Number(one.dataset.relative), "r");
}

function link(one, text, inside, context) {
  let address = one.url || text;
  if (one.type === "email") address = `mailto:${text}`;
  else if (!/^[a-z]+:/i.test(address)) address = `https://${address}`;
  if (!SAFE.test(address)) return inside;
  const made = element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, inside);
  made.addEventListener("click", (event) => { if (context.openLink(address)) event.preventDefault(); });
  return made;
}
