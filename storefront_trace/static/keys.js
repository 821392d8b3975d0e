// A scanner types wherever the cursor is, and ends with Enter. Outside a field that goes into the page's search box, and
// Enter opens that order: it is never an answer to what was tapped last. Where there is a box for codes, scan.js and row.js
// see to it.
const FIELD = "input:not([type=radio], [type=checkbox], [type=file]), textarea, select";
const BOXES = ["blind-number", "sift-q", "q", "bar-q"];
const own = document.querySelector("#code, .rescan");
const shown = (box) => box?.getClientRects().length;
let caught; // the box that took it last
let lost = false; // typed into a question: the Enter behind it answers nothing

export const isTyped = (event) =>
  event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;

// On a phone the last of the boxes is there only while it is typed into. What stood there was an earlier search.
export function take(text) {
  const boxes = BOXES.map((id) => document.getElementById(id));
  const box = boxes.find(shown) ?? boxes.at(-1);
  lost = Boolean(document.querySelector("dialog[open]"));
  if (!box || lost) return false;
  caught = box;
  if (!shown(box)) box.form.classList.add("dock");
  const mode = box.inputMode;
  box.inputMode = "none"; // no keyboard on the screen for what has one
  box.focus({ preventScroll: true });
  box.value = text;
  const asBefore = () => (box.inputMode = mode);
  box.addEventListener("pointerdown", asBefore, { once: true });
  box.addEventListener("blur", () => (asBefore(), box.form.classList.remove("dock")), { once: true });
  return true;
}

function enter(event) {
  const { target } = event;
  const ticks = target.matches?.("[type=radio], [type=checkbox]") && target.form?.method === "post";
  if (!ticks && !lost) return;
  event.preventDefault();
  if (!lost && caught?.value && caught.form.method === "get") caught.form.requestSubmit();
  lost = false;
}

if (!own) {
  // Without scripts Enter in a log form logs nothing; from here on it does where something is written.
  for (const button of document.querySelectorAll("[data-enter]")) button.remove();

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (event.key === "Enter") return enter(event);
    if (!isTyped(event)) return void (lost &&= event.key === "Shift");
    if (event.target.closest?.(FIELD)) return;
    if (take(event.key)) event.preventDefault();
  });
  addEventListener("pointerdown", () => (lost = false));
  // The next code takes this one's place, also where the answer takes its time, and on a page that one comes back to.
  addEventListener("submit", ({ target }) => target === caught?.form && caught.select());
  addEventListener("pagehide", () => {
    if (!caught) return;
    caught.value = caught.defaultValue;
    caught.blur();
  });
}
