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

// One order of the queue is open at a time, and the one that was tapped stays in sight: what closes above it would take
// it along. Where it opens beside the list nothing moves. Without this file none closes.
const beside = CSS.supports("selector(::details-content)") && matchMedia("(min-width: 60rem)");
let tapped;

document.addEventListener("click", (event) => (tapped = event.target.closest?.("details.order > summary")?.parentElement));
document.addEventListener("toggle", ({ target }) => {
  if (target !== tapped || !target.open) return;
  for (const other of document.querySelectorAll("details.order[open]")) other.open = other === target;
  if (!beside.matches) target.firstElementChild.scrollIntoView({ block: "start", behavior: "instant" });
}, true);

// A link to what is folded opens it: "Answer" above an order's button leads to the field.
function unfold() {
  const field = location.hash.startsWith("#answer-") && document.getElementById(location.hash.slice(1));
  if (!field) return;
  field.closest("details").open = true;
  field.focus();
  field.scrollIntoView({ block: "center", behavior: "instant" });
}
addEventListener("hashchange", unfold);
addEventListener("load", unfold);

// A picture is looked at before it is sent, upright as the customer will see it. What cannot be drawn here the server
// reads, or refuses.
const look = document.getElementById("photo-look");
let looked;

document.addEventListener("change", async (event) => {
  const field = event.target;
  const seen = field.form?.elements.seen;
  if (!look || field.name !== "photo" || !seen) return;
  seen.value = "";
  const file = field.files[0];
  const picture = file && (await createImageBitmap(file).catch(() => null));
  if (!picture) return;
  const canvas = look.querySelector("canvas");
  const scale = Math.min(1, 960 / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  looked = field;
  look.returnValue = "";
  look.showModal();
  await lighten(field, file, picture).catch(() => {}); // else it goes as it is
  picture.close();
});

async function lighten(field, file, picture) {
  const { shrunk } = await import("./shrink.js");
  const light = await shrunk(file, picture);
  if (light === file || field.files[0] !== file) return; // another one by now, or none
  const files = new DataTransfer();
  files.items.add(light);
  field.files = files.files;
}

look?.addEventListener("close", () => {
  if (look.returnValue === "yes") return void (looked.form.elements.seen.value = "yes");
  looked.value = "";
  looked.dispatchEvent(new Event("change", { bubbles: true }));
  if (look.returnValue === "again") looked.click();
});

// The button says to whom it sends.
document.addEventListener("change", ({ target }) => {
  if (target.dataset.say) target.form.querySelector("[data-says]").textContent = target.dataset.say;
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

// What was just done is said at the top of the page. Where one is led back to a place further down it stands there too,
// until the next touch.
addEventListener("load", () => {
  const said = document.querySelector("main > .said");
  if (!said || said.getBoundingClientRect().bottom > 0) return;
  const shown = said.cloneNode(true);
  shown.removeAttribute("role");
  shown.setAttribute("aria-hidden", "true");
  shown.classList.add("said--afloat");
  document.body.append(shown);
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => shown.remove(), { once: true });
});

// Opened from the home screen there is none: what is asked of the disk would stop the page.
if (document.referrer) {
  const kept = sessionStorage.getItem(place);
  sessionStorage.removeItem(place);
  if (kept && !location.hash) scrollTo({ top: Number(kept), behavior: "instant" });
}
