// Beside offline.js: the worker that keeps pages, what a kept page says of itself, and leaving no page behind.
import { list } from "./unsent.js";
import { clock } from "./deed.js";
import { say, sure } from "./offline.js";

const box = document.getElementById("unsent");
const { kept, asked, me } = document.body.dataset;
const worker = navigator.serviceWorker;
let touched = false;
let leaving = false;

for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (touched = true), { once: true, passive: true });
tellAge(kept ? "kept" : asked && "asked");
worker?.addEventListener("message", ({ data }) => data?.news && caughtUp(data));
worker?.register("/staff/worker.js", { scope: "/staff" }).catch(() => {}); // complete without it
worker?.ready.then((found) => {
  found.active.postMessage({ keep: ["/staff/offline"] });
  setTimeout(() => leaving || found.active.postMessage({ keep: urls() }), 3000);
});
if (kept) addEventListener("online", offer);

// What one may want where there is no network: the orders on this page, what else it asks of them, and the row.
function urls() {
  const orders = [...document.forms].map((form) => new URL(form.action).pathname.match(/^(\/staff\/orders\/.+)\/log$/)?.[1]);
  const links = document.querySelectorAll('a[href^="/staff/row"], a[href^="/staff/orders/"][href*="/pause/"]');
  const ways = [...links].map((link) => link.getAttribute("href"));
  return ["/staff", "/staff/scan", "/staff/row", ...new Set([...orders.filter(Boolean).slice(0, 23), ...ways.slice(0, 20)])];
}

function tellAge(how) {
  if (how) say(how, { when: when(new Date(kept ?? asked)) });
}

// Of this page, which is shown as it was kept. What is new is not put under a thumb that may be coming down.
function caughtUp({ news, text }) {
  if (news === "elsewhere" && !touched) return location.reload();
  if (news === "none") return tellAge("kept");
  if (news !== "same") return offer();
  for (const fresh of new DOMParser().parseFromString(text, "text/html").querySelectorAll(".order")) {
    const [old, named] = document.getElementById(fresh.id)?.querySelectorAll(".order__wait, .order__waits") ?? [];
    const said = fresh.querySelector(".order__wait").textContent;
    if (old) waited(old, said);
    if (named) named.textContent = said;
  }
  delete document.body.dataset.asked;
  say("");
}

// What one sent oneself is no news, and says itself that it has gone out.
async function offer() {
  const own = (await list(me).catch(() => [])).some((one) => !one.refused && one.does !== "scan");
  if (!own && box.dataset.said !== "sent") say("newer");
}

// A step that waits for the network says so in the same place.
function waited(old, said) {
  const fresh = old.cloneNode(true);
  if (old.textContent === (old.dataset.was ?? old.textContent)) fresh.textContent = said;
  if (old.dataset.was) fresh.dataset.was = said;
  old.replaceWith(fresh);
}

function when(date) {
  if (date.toDateString() === new Date().toDateString()) return clock(date);
  return `${date.toLocaleDateString(document.documentElement.lang, { weekday: "long" })} ${clock(date)}`;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (new URL(form.action).pathname !== "/signout") return;
  event.preventDefault();
  leave(form);
});

async function leave(form) {
  const n = (await list(me).catch(() => [])).length;
  const { leave: one, leaveMany: many, leaveYes, leaveNo } = box.dataset;
  if (n && !(await sure((n === 1 ? one : many).replace("{n}", n), leaveYes, leaveNo))) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    return;
  }
  leaving = true;
  await import("./forget.js").catch(() => {});
  const answer = await fetch(form.action, { method: "POST", redirect: "manual" }).catch(() => null);
  if (answer) return form.submit(); // twice is once, and leads where one signs in
  localStorage.setItem("leaving", me);
  document.querySelector("main").hidden = true;
  document.body.dataset.left = "";
  say("stays");
}

// Who went without a network is let go as soon as there is one.
async function goneBefore() {
  if (localStorage.getItem("leaving") !== me) return localStorage.removeItem("leaving");
  const form = document.querySelector('form[action="/signout"]') ?? Object.assign(document.createElement("form"), { method: "post", action: "/signout" });
  const answer = await fetch("/signout", { method: "POST", redirect: "manual" }).catch(() => null);
  if (!answer) return;
  localStorage.removeItem("leaving");
  document.body.append(form);
  form.submit();
}

setTimeout(goneBefore, 500); // what it asks of the disk stops the page, which comes first
addEventListener("online", goneBefore);
