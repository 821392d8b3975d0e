// Only saves the reader from reloading. A newer page's <main> takes the old one's place;
// scroll, focus and open boxes stay, and what is new is said and shown for a moment.
const { live, said } = document.body.dataset;
const SILENCE = 70_000; // three beats and some: then the connection is dead, as after a laptop's sleep
let source = null;
let timer = 0;
let quiet = 0;
let tries = 0;
let waiting = false;

const main = () => document.getElementById("main");
const seen = () => Number(document.body.dataset.version); // react.js moves it, too
const html = (page) => page.getElementById("main").innerHTML;
const stops = (element) => [...element.querySelectorAll("a[href], button, summary, input, textarea")];
const writing = () =>
  [...main().querySelectorAll("textarea, input")].some((field) =>
    /checkbox|radio/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
  ) || main().querySelector("textarea:focus, input:focus, .better, [aria-busy=true]") !== null;
let shown = html(document);

function connect() {
  clearTimeout(timer);
  if (document.hidden || source) return;
  source = new EventSource(live.replace(/\d*$/, seen()));
  source.addEventListener("update", (event) => Number(event.lastEventId) > seen() && refresh());
  source.addEventListener("open", () => (tries = 0));
  for (const name of ["open", "update", "beat"]) source.addEventListener(name, heard);
  source.addEventListener("error", () => retry(tries > 0));
  heard();
}

// Our own pause: after a restart not everybody comes at once. Where no stream comes through, the page is asked for.
function retry(ask) {
  disconnect();
  timer = setTimeout(ask ? catchUp : connect, 1000 + Math.random() * 9000 * 2 ** Math.min(tries++, 3));
}

function heard() {
  clearTimeout(quiet);
  quiet = setTimeout(() => retry(true), SILENCE);
}

function disconnect() {
  clearTimeout(timer);
  clearTimeout(quiet);
  source?.close();
  source = null;
}

function catchUp() {
  if (document.hidden) return;
  connect();
  refresh();
}

async function refresh() {
  const answer = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
  if (answer && (answer.status === 404 || answer.status === 410)) return disconnect();
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  if (text === null) return retry(true);
  const page = new DOMParser().parseFromString(text, "text/html");
  const news = Number(page.body.dataset.version) - seen();
  // Of the same version a page may be a new one all the same: it is another day.
  if (!(news >= 0) || (news === 0 && html(page) === shown)) return;
  waiting = writing();
  if (waiting) return;
  document.body.dataset.version = page.body.dataset.version;
  shown = html(page);
  swap(page, news > 0);
}

function swap(page, news) {
  const old = main();
  const fresh = page.getElementById("main");
  const anchor = [...old.querySelectorAll("[id]")].find((one) => one.getBoundingClientRect().bottom > 0);
  const top = anchor?.getBoundingClientRect().top;
  const home = old.contains(document.activeElement) ? document.activeElement.closest("[id]") : null;
  const place = home ? stops(home).indexOf(document.activeElement) : -1;
  for (const box of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${box.id}`)?.setAttribute("open", "");
  const steps = [...fresh.querySelectorAll(".step[id]")].filter((step) => !old.querySelector(`#${step.id}`));
  for (const step of steps) step.classList.add("step--new");
  old.replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  const same = anchor && document.getElementById(anchor.id);
  if (same) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
  const again = home && document.getElementById(home.id);
  if (again) (stops(again)[place] ?? again).focus({ preventScroll: true });
  if (news) tell([said, ...steps.map(told)].join(". "));
}

// Of the step that stands on top the whole sentence is there.
function told(step) {
  const was = step.querySelector(".step__was");
  return ((was.matches("[data-above]") && document.getElementById("line")) || was).textContent.trim();
}

// Emptied first: the same words twice in a row would be read once.
function tell(text) {
  const region = document.getElementById("said");
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 100);
}

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : catchUp()));
document.addEventListener("reacted", () => waiting && !writing() && refresh());
document.addEventListener("focusout", () => waiting && setTimeout(() => waiting && !writing() && refresh()));
addEventListener("online", catchUp);
addEventListener("pagehide", disconnect);
addEventListener("pageshow", (event) => event.persisted && catchUp());
connect();
