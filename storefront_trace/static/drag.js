// A step of the shop's own is dragged to its place by its drawing: what its arrows send is sent then. Without this file,
// and on a phone, the arrows do it.
const list = document.querySelector("[data-drag]");
let held = null;
let home = null;

for (const row of list?.querySelectorAll("[data-move]") ?? []) {
  const grip = row.querySelector(".slot");
  grip.classList.add("grip");
  grip.addEventListener("pointerdown", ({ pointerType }) => (row.draggable = pointerType === "mouse"));
  grip.addEventListener("pointerup", () => (row.draggable = false));
  row.addEventListener("dragstart", take);
  row.addEventListener("dragend", letGo);
}
list?.addEventListener("dragover", over);
list?.addEventListener("drop", drop);

function take(event) {
  held = event.currentTarget;
  home = held.nextElementSibling;
  held.classList.add("held");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.dataset.move);
}

function over(event) {
  const row = event.target.closest("li");
  if (!held) return;
  event.preventDefault();
  if (!row || row === held) return;
  const { top, height } = row.getBoundingClientRect();
  const before = event.clientY < top + height / 2 ? row.previousElementSibling : row;
  // Only behind a step that another can stand behind.
  if (before !== held && before?.dataset.place) before.after(held);
}

function drop(event) {
  event.preventDefault();
  if (!held || held.nextElementSibling === home) return;
  const form = held.querySelector("form");
  const after = Object.assign(document.createElement("input"), { type: "hidden", name: "after" });
  after.value = held.previousElementSibling.dataset.place;
  form.append(after);
  home = held.nextElementSibling; // it stays there until the page comes anew
  form.submit();
}

function letGo() {
  if (held.nextElementSibling !== home) list.insertBefore(held, home);
  held.classList.remove("held");
  held.draggable = false;
  held = home = null;
}
