// Only saves the reader from leaving the page: what is said of a step is sent in the background, and the parts of the
// page that it changes take the old ones' place. What fails is told, and then the form goes the plain way.
const status = document.getElementById("said");
const failed = status.dataset.failed;
const lines = new WeakMap(); // one request at a time for each form, in the order of the taps

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-react]") || form.dataset.plain) return;
  event.preventDefault();
  if (form.ariaBusy !== "true") inLine(form, () => send(form));
});
document.addEventListener("change", ({ target }) => {
  const form = target.name === "chips" && target.closest(".thanked form[data-react]");
  if (form) inLine(form, () => choose(form));
});
document.addEventListener("click", ({ target }) => {
  const box = target.closest("#ask > summary")?.parentElement;
  if (box && !box.open) box.addEventListener("toggle", () => ask(box.querySelector("form")), { once: true });
});
document.addEventListener("click", (event) => {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[data-better], .better a[data-back]");
  if (!link) return;
  event.preventDefault();
  if ("back" in link.dataset) close(link.closest(".better"));
  else if (link.ariaBusy !== "true") open(link);
});

// Whoever opened it wants to write; the button just pressed stays where it is as long as all fits.
function ask(form) {
  form.querySelector("textarea").focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
}

function inLine(form, act) {
  form.setAttribute("aria-busy", "true");
  const before = lines.get(form) ?? Promise.resolve();
  const now = before.then(act).finally(() => {
    if (lines.get(form) !== now) return;
    form.removeAttribute("aria-busy");
    document.dispatchEvent(new Event("reacted"));
  });
  lines.set(form, now);
}

async function send(form) {
  const page = await read(form.action, new FormData(form));
  if (!page || !page.querySelector(".chain")) return fail(form, page);
  swap(form, page);
}

// A chip is saved when it is tapped; a sentence that is being written stays what it is.
async function choose(form) {
  const body = new FormData(form);
  body.delete("words");
  const page = await read(form.action, body);
  if (!page || !page.querySelector(".chain")) return fail(form, page);
  form.querySelector(".said--mend")?.remove();
  for (const chip of form.querySelectorAll("[name=chips]")) chip.defaultChecked = body.getAll("chips").includes(chip.value);
  keepVersion(page);
  status.textContent = status.dataset.saved;
}

async function open(link) {
  link.setAttribute("aria-busy", "true");
  const page = await read(link.href);
  link.removeAttribute("aria-busy");
  const form = page && page.querySelector("form[data-react]");
  if (!form) return (location.href = link.href);
  // What was said meanwhile may have put a new step in the place of the one that was tapped.
  link = link.isConnected ? link : document.querySelector(`a[data-better][href="${CSS.escape(link.getAttribute("href"))}"]`);
  if (!link) return;
  document.querySelector(".better")?.remove();
  const box = document.createElement("div");
  box.className = link.closest(".react") ? "better better--new" : "better";
  const [title, head, back] = [form.querySelector("h1"), document.createElement("h4"), form.querySelector("[data-back]")];
  head.textContent = link.closest(".react") ? title.dataset.concern : title.textContent;
  form.setAttribute("aria-label", head.textContent);
  back.textContent = back.dataset.back;
  form.querySelector(".who").remove();
  title.replaceWith(head);
  box.append(document.adoptNode(form));
  const field = form.querySelector("textarea");
  field.autofocus = false; // only where it is a page of its own
  link.closest(".react, .thanked, .told").after(box);
  field.focus();
}

function close(box) {
  const step = box.closest(".step");
  box.remove();
  step.querySelector("a[data-better]")?.focus();
  document.dispatchEvent(new Event("reacted"));
}

// The page that it leads to; null when nobody answered, false when we were refused.
async function read(address, body) {
  const url = new URL(address);
  const lang = new URLSearchParams(location.search).get("lang");
  if (lang) url.searchParams.set("lang", lang);
  const sent = body && { method: "POST", body: new URLSearchParams(body) };
  const answer = await fetch(url, sent).catch(() => null);
  if (!answer?.ok) return answer && false;
  const text = await answer.text().catch(() => null);
  return text && new DOMParser().parseFromString(text, "text/html");
}

function fail(form, page) {
  if (page === false) form.dataset.plain = "1"; // the next tap shows what the server has to say
  for (const chip of form.querySelectorAll(".thanked [name=chips]")) chip.checked = chip.defaultChecked;
  const told = form.querySelector(".said--mend") ?? document.createElement("p");
  told.className = "said said--mend";
  told.setAttribute("role", "alert");
  form.append(told);
  told.textContent = failed;
}

function swap(form, page) {
  const home = form.closest(".step, .after");
  const top = home.getBoundingClientRect().top;
  const place = [...home.querySelectorAll(".after li")].indexOf(form.closest(".after li"));
  const focused = home.contains(document.activeElement);
  for (const old of document.querySelectorAll(".step[id], .after")) {
    const fresh = page.getElementById(old.id);
    const written = old !== home && old.querySelector(".better");
    if (!fresh && old.matches(".after")) old.remove();
    else if (fresh && !written && !old.isEqualNode(fresh)) old.replaceWith(document.adoptNode(fresh));
  }
  const now = document.getElementById(home.id) ?? home;
  scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
  const head = now.querySelector(".thanked__head, .told__head, .after__head");
  head?.scrollIntoView({ block: "nearest", behavior: "instant" }); // a long form has gone from above it
  const wall = form.closest(".towall") && now.querySelector(".towall");
  if (focused) {
    const stop = wall?.querySelector("button") ?? now.querySelector(".thanked input:not([type=hidden]), .thanked a, .told a, .after button") ?? head ?? now;
    if (stop === head || stop === now) stop.tabIndex = -1;
    stop.focus({ preventScroll: true });
  }
  keepVersion(page);
  const told = wall?.querySelector("p") ?? now.querySelectorAll(".after li")[place]?.querySelector("p") ?? head;
  status.textContent = told ? told.textContent : status.dataset.saved;
}

// What we changed ourselves is no news for live.js; whatever else came in between still is.
function keepVersion(page) {
  const [ours, theirs] = [document.body, page.body].map((body) => Number(body.dataset.version));
  if (theirs === ours + 1) document.body.dataset.version = theirs;
}
