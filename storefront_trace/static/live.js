// Only saves the reader from reloading. A newer page's <main> takes the old one's place;
// scroll, focus and open boxes stay.
const { live, said } = document.body.dataset;
let source = null;
let timer = 0;
let waiting = false;

const main = () => document.getElementById("main");
const seen = () => Number(document.body.dataset.version); // react.js moves it, too
const writing = () =>
  [...main().querySelectorAll("textarea, input")].some((field) =>
    field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
  ) || main().querySelector("textarea:focus, input:focus, .better, [aria-busy=true]") !== null;

function connect() {
  clearTimeout(timer);
  if (document.hidden || source) return;
  source = new EventSource(live);
  source.addEventListener("update", (event) => Number(event.lastEventId) > seen() && refresh());
  // Our own pause: after a restart not everybody comes at once.
  source.addEventListener("error", () => {
    disconnect();
    timer = setTimeout(catchUp, 1000 + Math.random() * 9000);
  });
}

function disconnect() {
  clearTimeout(timer);
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
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const version = Number(page.body.dataset.version);
  if (!(version > seen())) return;
  waiting = writing();
  if (waiting) return;
  document.body.dataset.version = version;
  swap(page);
}

function swap(page) {
  const old = main();
  const fresh = page.getElementById("main");
  const anchor = [...old.querySelectorAll("[id]")].find((e) => e.getBoundingClientRect().bottom > 0);
  const top = anchor?.getBoundingClientRect().top;
  const home = old.contains(document.activeElement) ? document.activeElement.closest("[id]") : null;
  const place = home ? stops(home).indexOf(document.activeElement) : -1;
  for (const box of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${box.id}`)?.setAttribute("open", "");
  old.replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  const same = anchor && document.getElementById(anchor.id);
  if (same) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
  const again = home && document.getElementById(home.id);
  if (again) (stops(again)[place] ?? again).focus({ preventScroll: true });
  document.getElementById("said").textContent = said;
}

const stops = (element) => [...element.querySelectorAll("a[href], button, summary, input, textarea")];

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : catchUp()));
document.addEventListener("reacted", () => waiting && !writing() && refresh());
document.addEventListener("focusout", () => waiting && setTimeout(() => waiting && !writing() && refresh()));
addEventListener("pagehide", disconnect);
addEventListener("pageshow", (event) => event.persisted && catchUp());
connect();
