// What became of each order on this page that something was kept of: in its line, and on the button that was pressed.
import { clock, deedOf, stepOf } from "./deed.js";
import { handled } from "./unsent.js";

const words = document.getElementById("unsent").dataset;
const folded = new Set(); // once: who opens it again wants to see it

// `steps` is what waits, `sent` are the numbers of those of which something went out.
export function mark(steps, sent) {
  const done = handled(steps);
  for (const form of document.querySelectorAll('form[method="post"][action$="/log"]')) {
    const number = deedOf(form).order;
    const own = steps.filter((one) => one.order === number && !one.cancel);
    press(form, own);
    const card = form.closest("details.order");
    if (!card) continue;
    tell(card, own, sent.has(number));
    if (done.has(number)) fold(card, number, done);
    else folded.delete(number);
  }
}

function press(form, own) {
  for (const button of form.querySelectorAll("button[name=step]")) {
    const mine = own.find((one) => stepOf(one) === button.value && !one.refused);
    button.classList.toggle("btn--kept", Boolean(mine));
    const icon = button.querySelector("use");
    icon.dataset.was ??= icon.getAttribute("href");
    icon.setAttribute("href", mine ? "#i-clock" : icon.dataset.was); // as large: nothing moves
  }
  for (const button of form.querySelectorAll("button[data-after]")) {
    const ahead = own.map((one) => !one.refused && stepOf(one));
    button.hidden = !button.dataset.after.split(" ").every((step) => ahead.includes(step));
  }
}

function tell(card, own, gone) {
  const old = card.querySelector(".order__wait");
  const last = own.at(-1);
  const waits = last && !own.some((one) => one.refused);
  const named = waits && `${last.label.slice(last.order.length + 2)} ${goes(last)}`;
  const said = named || (own.length ? words.refused : gone && words.logged) || old.dataset.was || old.textContent;
  if (old.textContent === said) return;
  const fresh = old.cloneNode(); // in its place: another text in the same box would push its own beginning
  fresh.dataset.was ??= old.textContent;
  fresh.classList.toggle("order__wait--kept", Boolean(waits));
  fresh.textContent = said;
  old.replaceWith(fresh);
}

const goes = ({ at }) => words.goes.replace("{when}", clock(new Date(at)));

// Out of hand: the next one opens. It is not to be pressed by the second half of a double tap.
function fold(card, number, done) {
  if (folded.has(number)) return;
  folded.add(number);
  if (!card.open) return;
  card.open = false;
  const next = [...document.querySelectorAll("details.order")].find((one) => !done.has(numberOf(one)));
  if (!next || document.querySelector("details.order[open]")) return;
  next.open = next.inert = true;
  setTimeout(() => (next.inert = false), 600);
  card.firstElementChild.scrollIntoView({ block: "nearest", behavior: "instant" });
}

const numberOf = (card) => card.querySelector(".order__no").textContent;
