// The table is complete without this file. It moves with j and k, ticks with x, and says how many are ticked.
// Single keys get in the way of some who speak to their computer: they can be switched off, and stay so.
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

  document.addEventListener("keydown", (event) => {
    if (!on.checked || keys.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (typing) return;
    const row = event.target.closest?.("tbody tr");
    const at = row ? row.sectionRowIndex : -1;
    if (event.key === "j") links[Math.min(at + 1, links.length - 1)].focus();
    else if (event.key === "k") links[Math.max(at - 1, 0)].focus();
    else if (event.key === "x" && row) ticks[at].click();
    else return;
    event.preventDefault();
  });

  function tell() {
    const n = ticks.filter((tick) => tick.checked).length;
    said.hidden = !n;
    said.textContent = n === 1 ? said.dataset.one : said.dataset.many.replace("[[n]]", n);
    all.firstElementChild.checked = n === ticks.length;
  }
}
