// Takes the form that logs a step: first onto this device's disk, then to the server; without network it stays here,
// shown as what it is, and goes out by itself later. What cannot be kept is said at once or goes the plain way.
import { again, keep, list, photoOf, remove, send, takeTurn, undo, written } from "./unsent.js";

const PATIENCE = 2500; // as long as a person looks at a button
const WAITS = [2, 5, 10, 20, 40, 60];
const LOG = /^\/staff\/orders\/(.+)\/log$/;
const me = document.body.dataset.me;
const box = document.getElementById("unsent");
const ask = document.getElementById("unsent-ask");
const others = globalThis.BroadcastChannel ? new BroadcastChannel("unsent") : null;
const sent = new Set(); // orders of which something went out while this page was open
let failed = 0;
let timer;
let ended;
let ready = false; // the list has been read: what stands above it appears together with it

export const numberOf = (form) => {
  const found = LOG.exec(new URL(form.action, location).pathname);
  return found && decodeURIComponent(found[1]);
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.blind) form.action = `/staff/orders/${encodeURIComponent(typed(form).value.trim())}/log`;
  if (event.submitter?.hasAttribute("formaction")) return; // taken or passed on: needs the network
  if (event.defaultPrevented || form.method !== "post" || form.dataset.plain || !numberOf(form)) return;
  event.preventDefault();
  meant(form, event.submitter);
});

// A step out of its turn is asked about here too, where the server cannot. What waits already the page knows nothing of.
async function meant(form, button) {
  const { question, yes, no } = button?.dataset ?? {};
  const before = (await waiting().catch(() => [])).some((one) => one.order === numberOf(form));
  if (question && !before && !(await sure(question, yes, no))) return settle(form);
  take(form, button);
}

const typed = (form) => form.querySelector("#blind-number");

async function take(form, button) {
  const step = told(form, button);
  if (!step.fields.some(([name]) => name === "step")) return plainly(form, button); // the server says what is missing
  const unseen = form.elements.photo?.files?.length && form.elements.seen && form.elements.seen.value !== "yes";
  if (unseen && navigator.onLine) return plainly(form, button); // and shows a picture that could not be shown here
  const same = (await waiting().catch(() => [])).find((one) => !one.refused && one.what === step.what);
  if (same) return settle(form);
  try {
    step.n = await keep(step, await photo(form), Number(form.dataset.mends) || undefined);
  } catch {
    if (navigator.onLine) return plainly(form, button);
    return say("full", settle(form));
  }
  delete form.dataset.mends;
  const sending = go();
  const said = navigator.onLine && (await Promise.race([sending, pause(PATIENCE)]));
  if (said?.events?.[step.once]) return location.assign(`${form.dataset.back ?? "/staff"}?done=${said.events[step.once]}`);
  const refused = (await waiting()).find((one) => one.n === step.n && one.refused);
  if (refused && said) {
    await remove(step.n); // the server says why on a page of its own, and everything stands in the form there
    return plainly(form, button);
  }
  settle(form);
  show();
}

// What is sent, and what a person reads of it. The same again, while it waits, is a second tap.
function told(form, button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  const fields = [...data].filter(([name, value]) => typeof value === "string" && name !== "once");
  const order = numberOf(form);
  const name = (button?.querySelector("span")?.firstChild ?? button)?.textContent.trim() ?? "";
  const once = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  const lang = document.documentElement.lang;
  const what = JSON.stringify([order, fields]);
  return { order, fields, once, lang, what, person: me, at: written(new Date()), label: `${order}: ${name}` };
}

async function photo(form) {
  const file = form.elements.photo?.files?.[0];
  return file && { bytes: await file.arrayBuffer(), type: file.type, name: file.name };
}

// Not before the event is over that we are called from: a form that is being submitted is not submitted again.
async function plainly(form, button) {
  await pause(0);
  form.dataset.plain = "yes";
  settle(form);
  form.requestSubmit(button);
}

// As before the tap: staff.js marks a form that is on its way.
function settle(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const waiting = () => list(me);

// Everything that waits, now; if that fails, later again, and by the browser itself when this page is gone.
export async function go() {
  clearTimeout(timer);
  const before = await waiting().catch(() => []);
  const said = await send(me, changed).catch(() => ({ ended: "later", events: {} }));
  for (const one of before) if (said.events[one.once]) sent.add(one.order);
  if (Object.keys(said.events).length) failed = 0;
  ended = said.ended;
  if (["offline", "later"].includes(said.ended)) {
    timer = setTimeout(go, 1000 * (said.wait ?? WAITS[Math.min(failed++, WAITS.length - 1)]));
    const worker = await navigator.serviceWorker?.getRegistration("/staff");
    worker?.sync?.register("unsent").catch(() => {});
  } else failed = 0;
  show();
  return said;
}

function changed() {
  others?.postMessage("changed");
  show();
}

export async function show() {
  const steps = await waiting().catch(() => []);
  mark(steps);
  const words = box.dataset;
  const open = steps.filter((one) => !one.refused);
  const held = new Set(steps.filter((one) => one.refused).map((one) => one.order));
  const told = (one) => row(one, one.cancel ? words.cancel : held.has(one.order) ? words.behind : words.waits);
  box.querySelector(".unsent__now").replaceChildren(...steps.filter((one) => one.refused).map(refusal), ...open.slice(-1).map(told));
  const more = box.querySelector("details");
  more.hidden = open.length < 2;
  more.querySelector("ol").replaceChildren(...(more.open ? open.slice(0, -1).reverse().map(told) : []));
  const many = (open.length === 1 ? words.one : words.many).replace("{n}", open.length);
  more.querySelector("summary").textContent = many;
  if (open.length && ended === "signed-out") say("out");
  else if (steps.length === 0 && sent.size) say("sent");
  else if (["out", "sent"].includes(box.dataset.said)) say("");
  ready = true;
  box.hidden = steps.length === 0 && !box.dataset.said;
}

// One line above the list: `name` is that of its <template>.
export function say(name, values = {}) {
  if (box.dataset.said === name) return;
  box.dataset.said = name ?? "";
  const found = name && box.querySelector(`template[data-line="${name}"]`);
  const line = box.querySelector("[role=status]");
  line.replaceChildren(...(found ? [found.content.cloneNode(true)] : []));
  for (const slot of line.querySelectorAll("[data-slot]")) slot.textContent = slot.dataset.slot.replace("{when}", values.when);
  if (ready) box.hidden = !name && !box.querySelector("li");
}

function row(step, state) {
  const item = box.querySelector("template[data-row]").content.cloneNode(true).firstElementChild;
  item.querySelector("b").textContent = step.label;
  item.querySelector("span.unsent__state").textContent = state;
  const button = item.querySelector("button");
  button.hidden = Boolean(step.cancel);
  button.addEventListener("click", async () => {
    await undo(step.n);
    changed();
    go();
  });
  return item;
}

function refusal(step) {
  const item = box.querySelector("template[data-refused]").content.cloneNode(true).firstElementChild;
  item.querySelector("b").textContent = step.label;
  item.querySelector(".unsent__state").textContent = [step.refused.detail, ...(step.refused.why ?? [])].join(" ");
  item.querySelector("a").href = mend(step);
  item.querySelector("[data-again]").addEventListener("click", async () => (await again(step.n), go()));
  item.querySelector("[data-drop]").addEventListener("click", async () => {
    if (!(await sure(box.dataset.drop.replace("{step}", step.label), box.dataset.dropYes, box.dataset.dropNo))) return;
    await remove(step.n);
    changed();
    go();
  });
  return item;
}

// An order that is not there has no page: then the number is put right on ours.
const mend = (step) =>
  `${step.refused.status === 404 ? "/staff/offline" : `/staff/orders/${encodeURIComponent(step.order)}`}#mend-${step.n}`;

export function sure(question, yes, no) {
  ask.querySelector("p").textContent = question;
  ask.querySelector("[value=yes]").textContent = yes;
  ask.querySelector("[value='']").textContent = no;
  ask.returnValue = "";
  ask.showModal();
  return new Promise((done) => ask.addEventListener("close", () => done(ask.returnValue === "yes"), { once: true }));
}

// Nothing moves: the button that was pressed says what became of it.
function mark(steps) {
  for (const form of document.querySelectorAll('form[method="post"][action$="/log"]')) {
    const number = numberOf(form);
    const own = steps.filter((one) => one.order === number && !one.cancel);
    const state = own.some((one) => one.refused) ? "refused" : own.length ? "waits" : sent.has(number) ? "logged" : "";
    for (const button of form.querySelectorAll("button[name=step]")) {
      const mine = own.find((one) => one.fields.some(([name, value]) => name === "step" && value === button.value));
      button.classList.toggle("btn--kept", Boolean(mine && !mine.refused));
    }
    const wait = form.closest("details.order")?.querySelector(".order__wait");
    const said = wait && (state ? box.dataset[state] : wait.dataset.was ?? wait.textContent);
    if (!wait || wait.textContent === said) continue;
    const fresh = wait.cloneNode(); // in its place: another text in the same box would push its own beginning
    fresh.dataset.was ??= wait.textContent;
    fresh.textContent = said;
    wait.replaceWith(fresh);
  }
}

// What was refused, put into the form again.
async function fill() {
  const n = Number(/^#mend-(\d+)$/.exec(location.hash)?.[1]);
  const step = n && (await waiting()).find((one) => one.n === n);
  const form = step && [...document.forms].find((one) => one.dataset.blind || numberOf(one) === step.order);
  if (!form) return;
  form.dataset.mends = n;
  if (form.dataset.blind) typed(form).value = step.order;
  const ticked = step.fields.filter(([name]) => name === "lines").map(([, value]) => value);
  for (const [name, value] of step.fields) {
    const field = form.elements[name];
    if (name === "lines" || name === "step" || !field) continue;
    field.value = value;
    if (value && field.closest) field.closest("details")?.setAttribute("open", "");
  }
  if (ticked.length) for (const one of form.querySelectorAll("[name=lines][type=checkbox]")) one.checked = ticked.includes(one.value);
  const picture = await photoOf(n);
  const field = form.elements.photo;
  if (!picture || !field) return;
  const files = new DataTransfer();
  files.items.add(new File([picture.bytes], picture.name || "photo", { type: picture.type }));
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// Where the order's page is not kept, its number is enough; it stands in the address that was asked for.
function openBlind() {
  const part = document.getElementById("blind");
  if (!part) return;
  part.hidden = false;
  const path = /^\/staff\/orders\/([^/]+)$/.exec(location.pathname);
  typed(part).value = path ? decodeURIComponent(path[1]) : new URLSearchParams(location.search).get("q") ?? "";
}

function place() {
  const dock = document.querySelector(".dock");
  if (dock) dock.prepend(box);
  else box.classList.add("unsent--alone");
}

place();
others?.addEventListener("message", show);
box.querySelector("details").addEventListener("toggle", show);
addEventListener("online", go);
addEventListener("pageshow", (event) => event.persisted && go());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
takeTurn(me).catch(() => {});
openBlind();
fill().catch(() => {});
show();
go();
