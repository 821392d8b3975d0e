// A sentence is shown as customers will read it while it is being typed. Without this file the button does the same.
const form = document.querySelector("form[data-preview]");
const PAUSE = 350;
let timer = 0;
let asked = null;

form?.addEventListener("input", (event) => {
  if (!event.target.matches("textarea, select")) return;
  clearTimeout(timer);
  timer = setTimeout(preview, PAUSE);
});

async function preview() {
  asked?.abort();
  asked = new AbortController();
  const body = new URLSearchParams([...new FormData(form), ["preview", "1"]]);
  const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal }).catch(() => null);
  // 422 is the same page, with what to mend.
  if (!answer || (!answer.ok && answer.status !== 422)) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const box of form.querySelectorAll("[data-readings]")) {
    const fresh = page.getElementById(box.id);
    if (fresh && fresh.innerHTML !== box.innerHTML) box.replaceChildren(...fresh.childNodes);
  }
}
