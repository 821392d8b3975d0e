// In a row: a scanner types faster than the network answers. Each scan is taken at once, the box is free for the next,
// and one after the other they go out, in order, each under its own name so that a lost reply costs nothing.
// Without this file the form posts and comes back.
const form = document.querySelector("form[data-row]");
const box = form.elements.code;
const list = document.getElementById("scans");
const told = document.getElementById("told");
const trouble = document.getElementById("trouble");
const count = document.getElementById("row-count");
const sound = document.getElementById("sound");
const step = form.elements.step.value;
// Whose scans they are stands in the name: nobody else on this device may send them.
const shelf = `row:${form.dataset.row}:${step}`;
const LONGEST_WAIT = 8000;
const AT_ONCE = 60000;

let waiting = read(shelf, []);
let sending = false;
let audio = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const code = box.value.trim();
  box.value = "";
  box.focus();
  if (!code) return;
  wake();
  waiting.push({ code, once: name(), at: Date.now() });
  keep();
  show(waiting.at(-1));
  send();
});

list.addEventListener("submit", async (event) => {
  const undo = event.target;
  event.preventDefault();
  event.stopPropagation();
  box.focus();
  const line = undo.closest("li");
  const answer = await post("/staff/row/undo", new URLSearchParams(new FormData(undo))).catch(() => null);
  // Not answered as it should be: the page itself knows what to say.
  if (!answer) return undo.submit();
  replace(line, answer);
});

// A scanner types wherever the cursor is: after a tap on "Undo" too.
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (busy || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
  box.focus();
});

addEventListener("online", send);
for (const one of waiting) show(one);
quiet();
send();

async function send() {
  if (sending) return;
  sending = true;
  let pause = 500;
  while (waiting.length) {
    const { code, once, at } = waiting[0];
    const sent = { step, code, once, person: form.dataset.row };
    // What waited for the network has happened when it was scanned.
    if (Date.now() - at > AT_ONCE) Object.assign(sent, { at: moment(at), clock: moment(Date.now()) });
    let answer;
    try {
      answer = await post("/staff/row", new URLSearchParams(sent));
    } catch (refusal) {
      say(refusal.signedOut ? form.dataset.signedOut : form.dataset.offline);
      if (refusal.signedOut) break;
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(pause * 2, LONGEST_WAIT);
      continue;
    }
    pause = 500;
    say("");
    waiting.shift();
    keep();
    replace(document.getElementById(`w-${once}`), answer);
    feel(answer.kind);
  }
  sending = false;
}

async function post(url, body) {
  const response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  const readable = response.headers.get("Content-Type")?.startsWith("application/json");
  if (response.ok && readable) return response.json();
  throw Object.assign(new Error(String(response.status)), { signedOut: [401, 403].includes(response.status) });
}

function show({ code, once }) {
  const line = document.createElement("li");
  line.className = "scan scan--waiting";
  line.id = `w-${once}`;
  const mark = document.createElement("span");
  mark.className = "scan__mark";
  const words = document.createElement("p");
  const order = document.createElement("b");
  order.className = "order__no";
  order.textContent = code.length > 40 ? `…${code.slice(-20)}` : code;
  const said = document.createElement("span");
  said.className = "scan__said";
  said.textContent = form.dataset.waiting;
  words.append(order, " ", said);
  line.append(mark, words);
  list.prepend(line);
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
function wake() {
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

function moment(millis) {
  return new Date(millis).toISOString();
}

function keep() {
  write(shelf, waiting);
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
    // A full or forbidden store: the scans live as long as the page.
  }
}

// randomUUID is not there over plain http, in a warehouse's own network say.
function name() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
