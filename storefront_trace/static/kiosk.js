// A shared tablet. The pages are complete without this file: a PIN can be typed, and the server itself forgets who was
// here. It draws a keypad, and brings the portraits back as soon as nobody is there any more.
const WARN = 20; // seconds before the end in which one is asked
const TELL = 15_000; // how often the server is told that somebody types

const watched = document.querySelector("[data-idle]");
const idle = Number(watched?.dataset.idle) * 1000;
const home = watched?.dataset.home;
const still = document.querySelector("[data-still]");
let last = Date.now();
let told = last;
let looking;

// While one is asked, only an answer counts. Were the question gone with the touch, its click would hit what is below.
function here() {
  if (!still?.open) last = Date.now();
}
still?.addEventListener("close", here);
still?.addEventListener("click", (event) => event.target === still && still.close());

// Once: a second try would break off the first. Without network there would be the browser's own page, for good: what
// stood here is covered until the portraits can come.
async function leave() {
  clearInterval(looking);
  still?.close();
  while (!(await fetch("/kiosk", { redirect: "manual" }).catch(() => null))) {
    document.body.hidden = true;
    await new Promise((done) => setTimeout(done, 2000));
  }
  const done = document.querySelector("[data-done]");
  if (done) done.submit();
  else location.replace(home);
}

async function look() {
  const away = Date.now() - last;
  if (away >= idle) return leave();
  const warn = Math.min(WARN * 1000, idle / 3);
  if (still && away >= idle - warn && !still.open) still.showModal();
  if (watched.dataset.here && last > told && Date.now() - told >= TELL) {
    told = Date.now();
    const answer = await fetch(watched.dataset.here).catch(() => null);
    if (answer?.status === 401) location.replace("/kiosk");
  }
}

if (watched) {
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, here, { passive: true, capture: true });
  looking = setInterval(look, 1000);
  // A page that comes back from the browser's memory may be somebody else's.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

const pad = document.querySelector("[data-keypad]");
if (pad) {
  const field = document.getElementById(pad.dataset.keypad);
  field.inputMode = "none"; // the tablet's own keyboard would cover this one
  const press = (digit) => {
    field.value = digit ? (field.value + digit).slice(0, field.maxLength) : field.value.slice(0, -1);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const digit of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "erase"]) {
    const key = document.createElement(digit ? "button" : "span");
    if (digit) {
      key.type = "button";
      key.className = "btn";
      key.textContent = digit === "erase" ? "⌫" : digit;
      if (digit === "erase") key.setAttribute("aria-label", pad.dataset.erase);
      key.addEventListener("click", () => press(digit === "erase" ? "" : digit));
    }
    pad.append(key);
  }
  pad.hidden = false;
}
