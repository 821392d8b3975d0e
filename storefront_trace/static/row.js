// In a row: a scanner types faster than the network answers. Each scan is taken at once, onto this device's disk, the box
// is free for the next, and one after the other they go out with all that waits here; a lost reply costs nothing.
// Without this file the form posts and comes back.
import { keep, list as waiting, listen, post, seenHere, undo } from "./unsent.js";
import { go, wake } from "./offline.js";
import { deed, me, mended, stepOf } from "./deed.js";

const form = document.querySelector("form[data-row]");
const box = form.elements.code;
const list = document.getElementById("scans");
const told = document.getElementById("told");
const trouble = document.getElementById("trouble");
const count = document.getElementById("row-count");
const sound = document.getElementById("sound");
const step = form.elements.step.value;

let audio = null;
let straight = Promise.resolve();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const code = box.value.trim();
  box.value = "";
  box.focus();
  if (!code) return;
  wakeSound();
  take(deed({ does: "scan", order: code, fields: [["step", step]], label: `${code}: ${form.dataset.name}` }));
});

async function take(one) {
  seenHere.add(one.once);
  show(one);
  try {
    const mends = await mended(form, one);
    one.n = await keep(one, null, mends);
    delete form.dataset.mends;
  } catch {
    straight = straight.then(() => sendStraight(one));
    return;
  }
  wake();
  go();
}

// Where the disk takes nothing.
async function sendStraight(one) {
  const { row, ended } = await post(one);
  if (row) return heard({ once: one.once, row });
  const line = lineOf(one.once);
  line.className = "scan scan--refused";
  line.querySelector(".scan__said").textContent = form.dataset[ended === "signed-out" ? "signedOut" : "full"];
  line.querySelector("button").remove();
  say(form.dataset.full);
  feel("refused");
}

// What became of a scan, whichever page has sent it; or how sending went.
function heard({ once, row, ended }) {
  if (ended) say({ offline: form.dataset.offline, later: form.dataset.offline, done: "" }[ended] ?? form.dataset.signedOut);
  const line = once && lineOf(once);
  if (!line) return;
  if (!row) return line.remove(); // taken back
  replace(line, row).dataset.once = once;
  feel(row.kind);
}

// What was answered may have been taken back while it was on its way.
const lineOf = (once) => document.getElementById(`w-${once}`) ?? list.querySelector(`[data-once="${once}"]`);

list.addEventListener("submit", async (event) => {
  const undone = event.target;
  event.preventDefault();
  event.stopPropagation();
  box.focus();
  const line = undone.closest("li");
  const body = new URLSearchParams(new FormData(undone));
  const answer = await fetch("/staff/row/undo", { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const readable = answer?.ok && answer.headers.get("Content-Type")?.startsWith("application/json");
  // Not answered as it should be: the page itself knows what to say.
  if (!readable) return undone.submit();
  replace(line, await answer.json());
});

// A scanner types wherever the cursor is: after a tap on "Undo" too.
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (busy || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
  box.focus();
});

listen(heard);
quiet();
const mine = (await waiting(me).catch(() => [])).filter((one) => one.does === "scan" && stepOf(one) === step && !one.refused);
for (const one of mine) if (!lineOf(one.once)) show(one);

function show(one) {
  const line = document.getElementById("waiting").content.cloneNode(true).firstElementChild;
  const { once, order: code } = one;
  const shown = code.length > 40 ? `…${code.slice(-20)}` : code;
  const back = line.querySelector("button");
  line.id = `w-${once}`;
  line.querySelector(".order__no").textContent = shown;
  back.setAttribute("aria-label", back.dataset.label.replace("{number}", shown));
  if (one.cancel) leaving(line);
  back.addEventListener("click", async () => {
    box.focus();
    const n = (await waiting(me)).find((kept) => kept.once === once)?.n;
    const gone = n && (await undo(n));
    if (gone?.tried) leaving(line);
    else if (gone) line.remove();
    go();
  });
  list.prepend(line);
}

// It may have arrived: it is taken back as soon as there is network.
function leaving(line) {
  line.querySelector(".scan__said").textContent = document.getElementById("unsent").dataset.cancel;
  line.querySelector("button").hidden = true;
}

function replace(line, answer) {
  const made = document.createElement("template");
  made.innerHTML = answer.html.trim();
  const item = made.content.firstElementChild;
  // The same scan whose first reply was lost stands there already.
  const twin = item.id && document.getElementById(item.id);
  if (twin && twin !== line) twin.remove();
  line ? line.replaceWith(item) : list.prepend(item);
  count.textContent = answer.count;
  told.className = `rowtold rowtold--${answer.kind}`;
  told.replaceChildren(Object.assign(document.createElement("b"), { textContent: item.querySelector(".order__no").textContent }), ` ${answer.said}`);
  return item;
}

function say(words) {
  trouble.hidden = !words;
  if (trouble.textContent !== words) trouble.textContent = words;
}

// One high tone: logged. Two: it was already. One low and long, and a long buzz: look at it.
function feel(kind) {
  const tones = { logged: [[1320, 0.09]], done: [[880, 0.1], [880, 0.1]], refused: [[220, 0.45]] }[kind] ?? [];
  navigator.vibrate?.({ logged: 40, done: [60, 60, 60], refused: 400 }[kind] ?? 0);
  if (!audio || !sound.firstElementChild.checked) return;
  let at = audio.currentTime;
  for (const [pitch, long] of tones) {
    const tone = new OscillatorNode(audio, { type: kind === "refused" ? "square" : "sine", frequency: pitch });
    const loud = new GainNode(audio, { gain: 0.25 });
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    loud.gain.setTargetAtTime(0, at + long * 0.7, 0.02);
    tone.stop(at + long);
    at += long + 0.07;
  }
}

// Browsers make no sound before somebody has done something on the page.
function wakeSound() {
  if (!audio && "AudioContext" in window) audio = new AudioContext();
  audio?.resume();
}

function quiet() {
  sound.hidden = !("AudioContext" in window);
  const tick = sound.firstElementChild;
  tick.checked = read("row:sound", true);
  tick.addEventListener("change", () => {
    write("row:sound", tick.checked);
    box.focus();
  });
}

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A forbidden store: the choice lives as long as the page.
  }
}
