// The table is complete without this file. It moves with j and k, ticks with x, and says how many are ticked.
// Single keys get in the way of some who speak to their computer: they can be switched off, and stay so.
import { isTyped, take } from "./keys.js";

const QUICK = 50; // milliseconds; only a scanner is so fast
const table = document.querySelector("table.orders");
const keys = document.getElementById("keys");
const more = document.querySelector(".sift__more");

// On a phone the filters wait behind their button; without scripts they are open. The style sheet closes them at once.
if (more && matchMedia("(max-width: 60rem)").matches && !more.querySelector("option:checked:not([value=''])")) more.open = false;
more?.setAttribute("data-ready", "");

if (table) {
  const ticks = [...table.querySelectorAll("tbody input[type=checkbox]")];
  const links = [...table.querySelectorAll("tbody th a")];
  const all = document.getElementById("all");
  const said = document.getElementById("ticked");
  const on = keys.querySelector("input");

  keys.hidden = !matchMedia("(pointer: fine)").matches;
  on.checked = localStorage.getItem("table:keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("table:keys", on.checked ? "on" : "off"));
  all.firstElementChild.addEventListener("change", (event) => {
    for (const tick of ticks) tick.checked = event.target.checked;
    tell();
  });
  for (const tick of ticks) tick.addEventListener("change", tell);
  addEventListener("pageshow", tell);

  // A code may begin with one of our keys: what it did is undone, and it goes along into the search.
  let before = {};
  document.addEventListener("keydown", (event) => {
    if (keys.hidden || !isTyped(event)) return;
    const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (typing) return;
    const { key, tick, at: then } = before;
    before = {};
    if (key && !event.repeat && event.timeStamp - then < QUICK) {
      if (tick) tick.click();
      take(key + event.key);
      return event.preventDefault();
    }
    const row = event.target.closest?.("tbody tr");
    const at = row ? row.sectionRowIndex : -1;
    const move = {
      j: () => links[Math.min(at + 1, links.length - 1)].focus(),
      k: () => links[Math.max(at - 1, 0)].focus(),
      x: () => ticks[at]?.click(),
    }[event.key];
    if (!move) return;
    before = { key: event.key, tick: on.checked && event.key === "x" && ticks[at], at: event.timeStamp };
    event.preventDefault();
    if (on.checked) move();
  });

  function tell() {
    const n = ticks.filter((tick) => tick.checked).length;
    said.hidden = !n;
    said.textContent = n === 1 ? said.dataset.one : said.dataset.many.replace("[[n]]", n);
    all.firstElementChild.checked = n === ticks.length;
  }
}
