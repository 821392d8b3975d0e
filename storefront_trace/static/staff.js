// The staff pages are complete without this file. It stops a double tap from sending twice,
// keeps the place in the queue, and says that a photo was chosen.
const place = `scroll:${location.pathname}`;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  // The button is not disabled: its name and value go with the form.
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  sessionStorage.setItem(place, String(scrollY));
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type !== "file") return;
  const words = field.closest(".filebtn")?.querySelector("[data-chosen]");
  if (!words) return;
  words.dataset.empty ??= words.textContent;
  words.textContent = field.files.length ? words.dataset.chosen : words.dataset.empty;
});

// A phrase that is tapped stands in the note, where it can be changed; without this file it goes with the form.
document.addEventListener("change", (event) => {
  const box = event.target;
  const words = document.getElementById(box.closest?.("[data-phrases]")?.dataset.phrases);
  if (box.name !== "phrase" || !box.checked || !words) return;
  if (!words.value.includes(box.value)) words.value = `${words.value.trim()} ${box.value}`.trim();
  box.checked = false;
  words.dispatchEvent(new Event("input", { bubbles: true }));
});

// Back from the browser's memory: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

const kept = sessionStorage.getItem(place);
sessionStorage.removeItem(place);
if (kept && !location.hash) scrollTo({ top: Number(kept), behavior: "instant" });
