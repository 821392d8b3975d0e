// Takes the forms about one order: first onto this device's disk, then to the server; without network it stays here,
// shown as what it is, and goes out by itself later. What cannot be kept is said at once or goes the plain way.
import { again, behind, hear, keep, list, listen, post, remove, send, takeTurn, tell, undo } from "./unsent.js";
import { aim, deedOf, fill, me, mended, placeOf, stepOf, told, typed } from "./deed.js";
import { mark } from "./marks.js";

const PATIENCE = 2500; // as long as a person looks at a button
const WAITS = [1, 2, 5, 10, 20, 40, 60];
const DONE = { take: "taken", back: "given", hand: "handed" };
const box = document.getElementById("unsent");
const ask = document.getElementById("unsent-ask");
const row = document.querySelector("form[data-row]");
const sent = new Set(); // orders of which something went out while this page was open
const known = new Map(); // what has waited, by its key
const answered = new Map(); // {event, refused}, by key
let failed = 0;
let timer;
let ended;
let ready = false; // the list has been read: what stands above it appears together with it

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.dataset.blind) aim(form, button);
  if (event.defaultPrevented || form.method !== "post" || form.dataset.plain || !deedOf(form, button)) return;
  event.preventDefault();
  meant(form, button);
});

// A step out of its turn is asked about here too, where the server cannot. What waits already the page knows nothing of.
async function meant(form, button) {
  const { question, yes, no } = button?.dataset ?? {};
  const { order } = deedOf(form, button);
  const before = (await waiting().catch(() => [])).some((one) => one.order === order);
  if (question && !before && !(await sure(question, yes, no))) return settle(form);
  take(form, button);
}

async function take(form, button) {
  const step = told(form, button);
  if (step.does === "log" && !stepOf(step)) return plainly(form, button); // the server says what is missing
  if (step.does === "hand" && !step.fields.some(([name, value]) => name === "hand_to" && value)) {
    return navigator.onLine ? plainly(form, button) : say("whom", settle(form));
  }
  const stays = beside(form, step); // nobody would get it, and it would be gone with the next page
  if (stays) return say(stays, settle(form));
  const picture = step.does === "log" && form.elements.photo?.files?.[0];
  const unseen = picture && form.elements.seen && form.elements.seen.value !== "yes";
  if (unseen && navigator.onLine) return plainly(form, button); // and shows a picture that could not be shown here
  const same = (await waiting().catch(() => [])).find((one) => !one.refused && one.what === step.what);
  if (same) return settle(form);
  const photo = picture ? { bytes: await picture.arrayBuffer(), type: picture.type, name: picture.name } : null;
  let mends;
  try {
    mends = await mended(form, step);
    step.n = await keep(step, photo, mends);
  } catch (error) {
    return straight(form, button, step, photo, error);
  }
  delete form.dataset.mends;
  wake();
  const sending = go();
  if (navigator.onLine) await Promise.race([sending, pause(PATIENCE)]);
  const said = answered.get(step.once);
  if (said && !said.refused) return onwards(form, step, said.event);
  if (said && !mends) {
    await remove(step.n); // the server says why on a page of its own, and everything stands in the form there
    return plainly(form, button);
  }
  if (said) form.dataset.mends = step.n;
  settle(form);
  if (form.dataset.blind && !said) next(form);
  show();
}

// What is in the form for a step, when something else than a step is said of the order.
function beside({ elements }, { does }) {
  if (!["take", "back", "hand"].includes(does)) return "";
  if (elements.photo?.files?.length) return "photo";
  return does === "hand" && !navigator.onLine && elements.tracking_number?.value.trim() ? "parcel" : "";
}

// Ready for the next order's number.
function next(form) {
  form.reset();
  typed(form).focus();
}

// Where the disk takes nothing: to the server at once, or it stands in the form as it was.
async function straight(form, button, step, photo, error) {
  const before = (await waiting().catch(() => [])).some((one) => one.order === step.order);
  const said = before ? { ended: "later" } : await post(step, photo);
  if (said.event !== undefined) return onwards(form, step, said.event);
  if (said.refused || ["signed-out", "somebody-else"].includes(said.ended)) return plainly(form, button);
  say(error?.name === "QuotaExceededError" ? "full" : "off");
  settle(form);
}

function onwards(form, { does, order }, event) {
  const page = form.elements.back?.value === "queue" || form.dataset.blind ? "/staff" : `/staff/orders/${encodeURIComponent(order)}`;
  location.assign(DONE[does] ? `${page}?said=${DONE[does]}` : `${form.dataset.back ?? "/staff"}?done=${event}`);
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

// The browser calls our worker when there is network, also when no page is open any more.
export async function wake() {
  const worker = await navigator.serviceWorker?.getRegistration("/staff");
  await worker?.sync?.register("unsent").catch(() => {});
}

// Everything that waits, now; if that fails, later again, and by the browser itself when this page is gone.
export async function go() {
  clearTimeout(timer);
  for (const one of await waiting().catch(() => [])) known.set(one.once, one);
  const said = await send(me).catch(() => ({ ended: "later" }));
  ended = said.ended;
  if (["offline", "later"].includes(ended)) {
    timer = setTimeout(go, 1000 * (said.wait ?? WAITS[Math.min(failed++, WAITS.length - 1)]));
    wake();
    stay().catch(() => {});
  } else failed = 0;
  if (ended === "signed-out") import("./forget.js"); // whoever holds this device now may be nobody's colleague any more
  hear({ ended });
}

// Once: what waits here is not the browser's to clear away when it wants space.
async function stay() {
  if (localStorage.getItem("stays") || !(await waiting()).length) return;
  localStorage.setItem("stays", "asked");
  await navigator.storage?.persist?.();
}

async function heard({ once, event, refused }) {
  if (once) {
    failed = 0;
    answered.set(once, { event, refused });
    const one = known.get(once);
    if (one && one.does !== "scan" && event) sent.add(one.order);
  }
  show();
}

export async function show() {
  const steps = (await waiting().catch(() => [])).filter((one) => one.refused || !isInRow(one));
  mark(steps, sent);
  const words = box.dataset;
  const open = steps.filter((one) => !one.refused);
  const held = behind(steps);
  const shown = (one) => item(one, one.cancel ? words.cancel : held.has(one.n) ? words.behind : words.waits);
  box.querySelector(".unsent__now").replaceChildren(...steps.filter((one) => one.refused).map(refusal), ...open.slice(-1).map(shown));
  const more = box.querySelector("details");
  more.hidden = open.length < 2;
  more.querySelector("ol").replaceChildren(...(more.open ? open.slice(0, -1).reverse().map(shown) : []));
  const many = (open.length === 1 ? words.one : words.many).replace("{n}", open.length);
  more.querySelector("summary").textContent = many;
  if (open.length && ended === "signed-out") say("out");
  else if (steps.length === 0 && sent.size) say("sent");
  else if (["out", "sent"].includes(box.dataset.said)) say("");
  ready = true;
  box.hidden = steps.length === 0 && !box.dataset.said;
}

// Stands in the page's own list of scans.
const isInRow = (one) => one.does === "scan" && row?.elements.step.value === stepOf(one);

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

function item(step, state) {
  const line = box.querySelector("template[data-row]").content.cloneNode(true).firstElementChild;
  line.querySelector("b").textContent = step.label;
  line.querySelector("span.unsent__state").textContent = state;
  const button = line.querySelector("button");
  button.hidden = Boolean(step.cancel);
  button.addEventListener("click", async () => {
    await undo(step.n);
    tell({});
    go();
  });
  return line;
}

function refusal(step) {
  const item = box.querySelector("template[data-refused]").content.cloneNode(true).firstElementChild;
  item.querySelector("b").textContent = step.label;
  item.querySelector(".unsent__state").textContent = [step.refused.detail, ...(step.refused.why ?? [])].join(" ");
  item.querySelector("a").href = placeOf(step);
  item.querySelector("[data-again]").addEventListener("click", async () => (await again(step.n), go()));
  item.querySelector("[data-drop]").addEventListener("click", async () => {
    if (!(await sure(box.dataset.drop.replace("{step}", step.label), box.dataset.dropYes, box.dataset.dropNo))) return;
    await remove(step.n);
    tell({});
    go();
  });
  return item;
}

export function sure(question, yes, no) {
  ask.querySelector("p").textContent = question;
  ask.querySelector("[value=yes]").textContent = yes;
  ask.querySelector("[value='']").textContent = no;
  ask.returnValue = "";
  ask.showModal();
  return new Promise((done) => ask.addEventListener("close", () => done(ask.returnValue === "yes"), { once: true }));
}

// Where the order's page is not kept, its number is enough; it stands in the address that was asked for.
function openBlind() {
  const part = document.getElementById("blind");
  if (!part) return;
  part.hidden = false;
  typed(part).addEventListener("keydown", (event) => event.key === "Enter" && read(typed(part)));
  const path = /^\/staff\/orders\/([^/]+)$/.exec(location.pathname);
  typed(part).value = path ? decodeURIComponent(path[1]) : document.body.dataset.number ?? "";
}

// A slip carries a whole address: what number is in it is known where a scan leads to.
function read(field) {
  if (/^https?\W/i.test(field.value)) location.assign(`/staff/scan?${new URLSearchParams({ code: field.value })}`);
  else field.select();
}

function place() {
  const dock = document.querySelector(".dock");
  if (dock) dock.prepend(box);
  else box.classList.add("unsent--alone");
}

place();
listen(heard);
box.querySelector("details").addEventListener("toggle", show);
addEventListener("online", go);
addEventListener("hashchange", () => location.hash.startsWith("#mend-") && location.reload()); // as it is by now
addEventListener("pageshow", (event) => event.persisted && go());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
takeTurn(me).catch(() => {});
openBlind();
fill().catch(() => {});
show();
go();
