// What every part of the page needs: elements, questions to the server, a toast, a menu.

import { say } from "./words.js";

export const $ = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// Put these into the place, and leave alone what is there already: somebody may be about to press it.
export function refill(place, ...made) {
  made.forEach((one, index) => {
    const there = place.children[index];
    if (!there) place.append(one);
    else if (!there.isEqualNode(one)) there.replaceWith(one);
  });
  while (place.children.length > made.length) place.lastElementChild.remove();
}

export function button(label, act, style = "") {
  const made = element("button", { type: "button", class: style }, label);
  made.addEventListener("click", act);
  return made;
}

export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

export function avatar(id, name, style = "") {
  const letters = name.split(/\s+/).slice(0, 2).map((word) => [...word][0] || "").join("").toUpperCase();
  return element("span", { class: `avatar c${Math.abs(id) % 7} ${style}`, "aria-hidden": "true" }, style === "robot" ? icon("tick") : letters);
}

async function ask(address, options) {
  const response = await fetch(address, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

export const get = (path, query = {}) => ask(`${path}?${new URLSearchParams(query)}`);
export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
export const postForm = (path, form) => ask(path, { method: "POST", body: form });
export const remove = (path) => ask(path, { method: "DELETE" });

let fading = 0;
export function toast(text, bad = false) {
  const place = $("toast");
  place.textContent = text;
  place.classList.toggle("bad", bad);
  place.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => place.classList.remove("shown"), 3500);
}

// Do it, and say what went wrong.
export async function tried(doing) {
  try {
    return await doing();
  } catch (error) {
    toast(`${say("unsent")}: ${error.message.replace(/^\w+: /, "")}`, true);
    return undefined;
  }
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // no permission: the old way
    const field = element("textarea", {}, text);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(say("copied"));
}

export function alertBox(text) {
  $("alert").querySelector("p").textContent = text;
  $("alert").showModal();
}

let opener = null;
export function openMenu(by, items, { x, y } = {}) {
  const menu = $("menu");
  if (!menu.hidden && opener === by) return closeMenu();
  opener = by;
  menu.replaceChildren(...items.filter(Boolean));
  menu.hidden = false;
  by.setAttribute("aria-expanded", "true");
  const box = by.getBoundingClientRect();
  const left = x ?? box.left, below = y ?? box.bottom + 4;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  const above = (y ?? box.top) - menu.offsetHeight - 4;
  menu.style.top = `${below + menu.offsetHeight < innerHeight - 8 ? below : Math.max(8, above)}px`;
  menu.querySelector("button, a")?.focus({ preventScroll: true });
}

export function closeMenu() {
  if ($("menu").hidden) return false;
  $("menu").hidden = true;
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus({ preventScroll: true });
  opener = null;
  return true;
}

export function menuItem(label, act, more = {}) {
  const made = element("button", { type: "button", role: "menuitem", class: more.style || "" });
  if (more.icon) made.append(more.icon);
  made.append(element("span", {}, label));
  if (more.note) made.append(element("small", {}, more.note));
  made.addEventListener("click", () => { closeMenu(); act(); });
  return made;
}

document.addEventListener("pointerdown", (event) => {
  if (opener && !$("menu").contains(event.target) && !opener.contains(event.target)) closeMenu();
});
$("menu").addEventListener("keydown", (event) => {
  const items = [...$("menu").querySelectorAll("button, a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
});
