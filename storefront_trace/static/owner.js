// What is typed, or the colour that is chosen, is shown as customers will meet it. Without this file the button does the same.
const form = document.querySelector("form[data-preview]");
const BRAND = 'link[href*="/app-"]';
const PAUSE = 350;
let timer = 0;
let asked = null;

form?.addEventListener("input", (event) => {
  if (event.target.matches("[type=file], [name=chips]")) return;
  clearTimeout(timer);
  timer = setTimeout(preview, PAUSE);
});

async function preview() {
  asked?.abort();
  asked = new AbortController();
  const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string"); // no files
  const body = new URLSearchParams([...typed, ["preview", "1"]]);
  const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal }).catch(() => null);
  // 422 is the same page, with what to mend.
  if (!answer || (!answer.ok && answer.status !== 422)) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const box of document.querySelectorAll("[data-readings]")) {
    const fresh = page.getElementById(box.id);
    if (fresh && fresh.innerHTML !== box.innerHTML) box.replaceChildren(...fresh.childNodes);
  }
  wear(page.querySelector(BRAND));
}

// The new style sheet is there before the old one goes: nothing flashes.
function wear(fresh) {
  const old = document.querySelector(BRAND);
  if (!fresh || fresh.getAttribute("href") === old.getAttribute("href")) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = fresh.getAttribute("href");
  link.onload = () => old.remove();
  old.after(link);
}

// Browsers print from their menu too: the button is there only when it does something.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
