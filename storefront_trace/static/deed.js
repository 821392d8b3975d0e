// Between a form and what is kept of it on this device: what it says, and how a refused one gets back into its form.
import { list, photoOf, written } from "./unsent.js";

const DEED = /^\/staff\/orders\/(.+)\/(log|take|back|hand|pause)(?:\/([^/]+))?$/;
// What of the form belongs to it; of a step and of a pause all of it.
const PARTS = { take: ["from"], back: [], hand: ["hand_to", "note", "phrase"] };
export const me = document.body.dataset.me;

// {order, does, step?} that the form is about with this button, or nothing.
export function deedOf(form, button) {
  const action = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const found = DEED.exec(new URL(action, location).pathname);
  if (!found) return null;
  const [, order, does, step] = found;
  return { order: form.dataset.blind ? typed(form).value.trim() : decodeURIComponent(order), does, step };
}

// Where nobody knows the order's page, its number is typed; a form that goes the plain way goes there.
export const typed = (form) => form.querySelector("#blind-number");

export function aim(form, button) {
  const order = encodeURIComponent(typed(form).value.trim());
  for (const [one, name] of [[form, "action"], [button, "formaction"]]) {
    const there = one?.getAttribute(name);
    if (there) one.setAttribute(name, there.replace(/orders\/[^/]+/, `orders/${order}`));
  }
}

// What is sent, and what a person reads of it. The same again, while it waits, is a second tap.
export function told(form, button) {
  const { order, does, step } = deedOf(form, button);
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  if (step) data.append("step", step);
  const mine = (name) => !["once", "person"].includes(name) && (PARTS[does]?.includes(name) ?? true);
  const fields = [...data].filter(([name, value]) => typeof value === "string" && mine(name));
  const name = (button?.querySelector("span")?.firstChild ?? button)?.textContent.trim() ?? "";
  return deed({ does, order, fields, what: JSON.stringify([does, order, fields]), label: `${order}: ${name}` });
}

// As the server writes it. The browser's own words for a time cost a phone a twentieth of a second to load.
export const clock = (date) =>
  document.getElementById("unsent").dataset.clock.replace(/{(hour|minute)(:02)?}/g, (_, part, two) =>
    String(part === "hour" ? date.getHours() : date.getMinutes()).padStart(two ? 2 : 1, "0"),
  );

export function deed(about) {
  return { ...about, once: key(), lang: document.documentElement.lang, person: me, at: written(new Date()) };
}

// randomUUID is not there over plain http, in a warehouse's own network say.
const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");

export const stepOf = ({ fields }) => fields.find(([name]) => name === "step")?.[1];

// The refused one that this is said instead of: the same. What happened has happened then; who takes over decides now.
export async function mended(form, step) {
  const n = Number(form.dataset.mends);
  const old = n && (await list(me)).find((one) => one.n === n);
  if (!old?.refused || old.does !== step.does || stepOf(old) !== stepOf(step)) return undefined;
  if (!PARTS[step.does]) step.at = old.at;
  return n;
}

// An order that is not there has no page: then the number is put right on ours.
export function placeOf({ n, does, order, refused, fields }) {
  const page = `/staff/orders/${encodeURIComponent(order)}`;
  const step = stepOf({ fields });
  if (does === "scan") return `/staff/row?step=${step}#mend-${n}`;
  if (refused.status === 404) return `/staff/offline#mend-${n}`;
  return `${does === "pause" ? `${page}/pause/${step}` : page}#mend-${n}`;
}

// What was refused, put into the form again.
export async function fill() {
  const n = Number(/^#mend-(\d+)$/.exec(location.hash)?.[1]);
  const step = n && (await list(me)).find((one) => one.n === n);
  const form = step && [...document.forms].find((one) => isFor(one, step));
  if (!form) return;
  form.dataset.mends = n;
  if (form.dataset.blind) typed(form).value = step.order;
  if (step.does === "scan") return void (form.elements.code.value = step.order);
  for (const field of form.elements) put(field, step.fields.filter(([name]) => name === field.name).map(([, value]) => value));
  const picture = await photoOf(n);
  const field = form.elements.photo;
  if (!picture || !field) return;
  const files = new DataTransfer();
  files.items.add(new File([picture.bytes], picture.name || "photo", { type: picture.type }));
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function isFor(form, step) {
  if (form.dataset.blind) return true;
  if (form.dataset.row) return step.does === "scan";
  const about = deedOf(form);
  return about?.order === step.order && about.does === (step.does === "pause" ? "pause" : "log");
}

function put(field, values) {
  if (["hidden", "file", "submit", "button"].includes(field.type) || !field.name || !values.length) return;
  if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
  else field.value = values[0];
  if (values[0]) field.closest("details")?.setAttribute("open", "");
}
