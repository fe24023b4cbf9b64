// The drawer: what happens to people and groups, how the checking API behaves, which faults strike.

import { $, avatar, button, element, get, icon, post, remove, tried } from "./basics.js";
import { chat, page } from "./page.js";
import { nameOf } from "./bubbles.js";
import { clock, say } from "./words.js";

const PACES = [5, 22, 200, 5000];
const LOOK_AGAIN_MS = 1500;
const strike = { times: 1, options: "{}" };
let timer = 0;

export function showControls(open = $("controls").hidden) {
  $("controls").hidden = !open;
  $("controls-button").setAttribute("aria-expanded", String(open));
  clearInterval(timer);
  showControls.refresh = open ? drawChat : null;
  if (!open) return void $("controls-button").focus();
  const close = button("", () => showControls(false), "icon");
  close.append(icon("close"));
  close.setAttribute("aria-label", say("close"));
  $("controls").replaceChildren(
    element("header", { class: "bar" }, element("h2", {}, say("controls")), element("div", { class: "spring" }), close),
    section("thisChat", "c-chat"), section("checker", "c-checker"),
    strikes(), section("telegramFaults", "c-telegram", true), section("checkFaults", "c-check", true), section("refused", "c-refused", true));
  $("controls").setAttribute("aria-label", say("controls"));
  drawChat();
  drawAll();
  timer = setInterval(drawAll, LOOK_AGAIN_MS);
  close.focus();
}

function section(word, id, folded = false) {
  if (!folded) return element("section", {}, element("h3", {}, say(word)), element("div", { id }));
  return element("section", {}, element("details", { id: `${id}-fold` }, element("summary", {}, say(word)), element("div", { id })));
}

const drawAll = () => tried(async () => { await Promise.all([drawChecker(), drawFaults(), drawRefused()]); });

// ---- this chat

let drawn = "";
function drawChat() {
  const one = chat();
  const now = JSON.stringify([one.id, one.members, one.bot_status, one.type, page.person, document.documentElement.lang]);
  if (!$("c-chat") || ($("c-chat").children.length && now === drawn)) return;
  drawn = now;
  const rows = [];
  if (one.type === "private") {
    const blocked = one.bot_status === "kicked";
    rows.push(button(say(blocked ? "unblock" : "block"), () => tried(() => post(`/sandbox/${blocked ? "unblock" : "block"}`, { person_id: page.person.id }))));
  } else {
    const bot = one.members.find((member) => member.id === page.bot.id);
    for (const member of [bot, ...one.members.filter((each) => each !== bot)]) rows.push(memberRow(one, member));
    if (one.type === "group") rows.push(button(say("upgrade"), () => tried(() => post("/sandbox/migrate", { chat_id: one.id }))));
  }
  rows.push(languageRow());
  $("c-chat").replaceChildren(...rows);
}

function memberRow(one, member) {
  const choices = member.status === "creator" ? ["creator"] : ["administrator", "member", "left", "kicked"];
  if (!choices.includes(member.status)) choices.push(member.status);
  const select = choose(choices.map((status) => [status, say("status")[status]]), member.status, (status) =>
    post("/sandbox/member", { chat_id: one.id, person_id: member.id, status, by: page.person.id }));
  select.disabled = member.status === "creator";
  select.setAttribute("aria-label", nameOf(member));
  const robot = member.id === page.bot.id;
  return element("label", { class: "field" }, avatar(member.id, member.first_name, robot ? "robot" : ""), element("span", {}, nameOf(member)), select);
}

function languageRow() {
  const codes = [["en", "English"], ["ru", "Русский"], ["de", "Deutsch"], ["", "–"]];
  const select = choose(codes, page.person.language_code || "", (code) =>
    post("/sandbox/language", { person_id: page.person.id, language_code: code || null }));
  return element("label", { class: "field" }, element("span", {}, say("language", page.person.first_name)), select);
}

function choose(choices, chosen, act) {
  const select = element("select", {}, ...choices.map(([value, label]) => element("option", { value, selected: String(value) === String(chosen) }, label)));
  select.addEventListener("change", () => tried(() => act(select.value)));
  return select;
}

// ---- the checking API

async function drawChecker() {
  const place = $("c-checker");
  const paths = ["ledger", "options", "tasks"].map((path) => get(`/checker/sandbox/${path}`));
  const [ledger, options, { tasks }] = await Promise.all(paths);
  if (!place?.isConnected) return;
  if (!place.children.length) {
    const change = (given) => post("/checker/sandbox/options", given);
    const paces = [...new Set([...PACES, options.numbers_per_second])].sort((a, b) => a - b);
    const pace = choose(paces.map((one) => [one, String(one)]), options.numbers_per_second, (one) => change({ numbers_per_second: Number(one) }));
    pace.setAttribute("aria-label", say("pace"));
    const balance = element("input", { inputmode: "decimal", size: 8, value: options.balance || "", "aria-label": say("balance") });
    const set = button(say("set"), () => tried(() => change({ balance: balance.value.trim() || null })));
    place.append(
      element("label", { class: "field" }, element("span", {}, say("pace")), pace),
      element("label", { class: "field" }, element("span", {}, say("balance")), balance, set),
      button(say("minute"), () => tried(() => post("/checker/sandbox/clock", { advance: 60 }))),
      element("div", { id: "c-standing" }), element("p", { id: "c-spent" }), element("table", { id: "c-ledger" }));
  }
  const standing = tasks.filter((task) => task.stands).map((task) => task.task_id).join(" ");
  if ($("c-standing").dataset.tasks !== standing) {
    $("c-standing").dataset.tasks = standing;
    $("c-standing").replaceChildren(...standing.split(" ").filter(Boolean).map((task) =>
      button(say("goOn"), () => tried(() => post(`/checker/sandbox/tasks/${encodeURIComponent(task)}/release`, {})))));
  }
  $("c-spent").textContent = ledger.charges.length ? `${say("charges", ledger.charges.length)} · ${say("spent", Number(ledger.spent))}` : say("noCharges");
  $("c-ledger").replaceChildren(...ledger.charges.slice(-12).reverse().map((charge) => element("tr", {},
    element("td", {}, clock(charge.at)), element("td", {}, say("numbers", charge.count)), element("td", {}, `$${Number(charge.amount)}`),
    element("td", { class: charge.form === "answered" ? "" : "bad" }, charge.form === "answered" ? "" : charge.form))));
}

// ---- faults

function strikes() {
  const times = choose([[1, say("once")], [3, say("thrice")], [500, say("always")]], strike.times, async (value) => { strike.times = Number(value); });
  times.setAttribute("aria-label", say("strike"));
  const options = element("input", { id: "c-options", value: strike.options, spellcheck: "false", "aria-label": say("options") });
  options.addEventListener("change", () => { strike.options = options.value; });
  return element("section", {},
    element("label", { class: "field" }, element("span", {}, say("strike")), times),
    element("label", { class: "field" }, element("span", {}, say("options")), options));
}

async function drawFaults() {
  const [telegram, checker] = await Promise.all([get("/sandbox/faults"), get("/checker/sandbox/faults")]);
  fill("c-telegram", telegram.known, telegram.armed, telegram.struck.map(([name]) => name), (name) => remove(`/sandbox/faults?${new URLSearchParams({ name })}`), "/sandbox/faults");
  fill("c-check", checker.faults, checker.armed, checker.struck.map((one) => one.name), (name) => remove(`/checker/sandbox/faults/${encodeURIComponent(name)}`), "/checker/sandbox/faults");
}

function fill(id, known, armed, struck, disarm, path) {
  const place = $(id);
  if (!place) return;
  if (!place.children.length) {
    place.append(...Object.entries(known).map(([name, meaning]) => {
      const box = element("input", { type: "checkbox", role: "switch", "data-fault": name });
      box.addEventListener("change", () => tried(async () => {
        if (!box.checked) return disarm(name);
        try {
          return await post(path, { name, times: strike.times, options: JSON.parse(strike.options || "{}") });
        } catch (error) { box.checked = false; throw error; }
      }));
      return element("label", { class: "fault" }, box, element("span", {}, element("b", {}, name), element("i", {}), element("small", {}, meaning)));
    }));
  }
  for (const box of place.querySelectorAll("[data-fault]")) {
    const name = box.dataset.fault, times = struck.filter((one) => one === name).length;
    box.checked = Boolean(armed[name]?.length);
    box.closest("label").querySelector("i").textContent = times ? say("struck", times) : "";
  }
}

async function drawRefused() {
  const { calls } = await get("/sandbox/calls", { refused: 1 });
  $("c-refused")?.replaceChildren(...(calls.length
    ? calls.slice(-10).reverse().map((call) => element("p", {}, `${clock(call.at)} ${call.method}: ${call.description}`))
    : [element("p", {}, say("nothingRefused"))]));
}
