// A box that a scanner types into, and a camera that reads for those who have none. Without this file the box, and Enter
// on the order's page, work as they stand.
const box = document.querySelector("#code, .rescan input");
const go = document.querySelector(".order__body:has(.rescan) > .btn--go");
const typed = "input:not([type=radio], [type=checkbox], [type=file]), textarea, select";

// Whoever listens hears what Enter does: from the box the focus goes on to the button, once the browser has put it there.
// What a scanner types goes into the box all the same.
const onwards = () => go?.focus({ preventScroll: true });
if (document.activeElement === box) onwards();
else box?.addEventListener("focus", onwards, { once: true });
addEventListener("keydown", (event) => {
  // An Enter held down since the page before has not been meant for this one.
  if (event.key === "Enter" && event.repeat) return event.preventDefault();
  const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!box || !letter || event.target.closest?.(typed)) return;
  event.preventDefault();
  box.removeEventListener("focus", onwards);
  box.focus({ preventScroll: true });
  box.value += event.key;
});

// The order's own code once more is a yes. Another one opens its own order; nothing is logged then, here or later.
go?.form.addEventListener("submit", (event) => {
  const code = box.value.trim();
  box.value = "";
  const own = box.closest("[data-number]").dataset.number;
  if (!code || [own, `#${own}`].includes(code) || (code.includes("/staff/scan?") && code.endsWith(`code=${encodeURIComponent(own)}`))) return;
  event.preventDefault();
  event.stopPropagation();
  location.assign(`/staff/scan?${new URLSearchParams({ code })}`);
});

const AGAIN = 2000;
const camera = document.querySelector("[data-camera]");
if (camera) offer();

function offer() {
  const view = camera.querySelector(".camera__view");
  const video = camera.querySelector("video");
  const [start, torch, stop] = ["start", "torch", "stop"].map((name) => camera.querySelector(`[data-${name}]`));
  const goesOn = "goesOn" in camera.dataset;
  let stream, sound;

  start.addEventListener("click", () => {
    sound ??= globalThis.AudioContext && new AudioContext();
    open();
  });
  stop.addEventListener("click", () => {
    localStorage.removeItem("camera");
    close("");
    box.focus();
  });
  torch.addEventListener("click", () => {
    const lit = torch.getAttribute("aria-pressed") !== "true";
    torch.setAttribute("aria-pressed", lit);
    stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: lit }] }).catch(() => (torch.hidden = true));
  });
  addEventListener("pagehide", () => close(""));
  document.addEventListener("visibilitychange", () => document.hidden && close(""));
  openAgain();

  // Who scanned with the camera the last time, and has allowed it, need not ask for it again.
  async function openAgain() {
    if (localStorage.getItem("camera") !== "on") return;
    const allowed = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
    if (allowed?.state === "granted") open();
  }

  async function open() {
    if (!isSecureContext) return say("unsafe");
    if (!navigator.mediaDevices?.getUserMedia) return say("none");
    say("wait");
    start.hidden = true;
    stop.hidden = false;
    try {
      const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
      const [opened, reader] = await Promise.all([navigator.mediaDevices.getUserMedia({ video: wanted }), makeReader()]);
      if (stop.hidden) return opened.getTracks().forEach((track) => track.stop());
      stream = opened;
      video.srcObject = stream;
      view.hidden = false;
      await video.play();
      torch.hidden = !stream.getVideoTracks()[0].getCapabilities?.().torch;
      localStorage.setItem("camera", "on");
      say("look");
      watch(reader, stream);
    } catch (error) {
      const refused = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none" };
      close(refused[error.name] ?? "broken");
    }
  }

  async function watch(reader, watched) {
    let last = "";
    let seen = 0;
    while (stream === watched) {
      const found = await reader.detect(video).catch(() => []);
      const code = found.find((one) => one.rawValue.trim())?.rawValue;
      if (code && stream === watched) {
        if (!goesOn) return read(code);
        // The slip that is still in view is no second scan.
        if (code !== last || Date.now() - seen > AGAIN) read(code);
        last = code;
        seen = Date.now();
      }
      await new Promise((done) => setTimeout(done, 80));
    }
  }

  function read(code) {
    beep();
    navigator.vibrate?.(80);
    if (!goesOn) close("");
    box.value = code;
    box.form.requestSubmit();
  }

  function close(why) {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    view.hidden = torch.hidden = stop.hidden = true;
    torch.setAttribute("aria-pressed", "false");
    start.hidden = false;
    say(why);
  }

  function say(what) {
    camera.querySelector(".camera__said").textContent = what && camera.dataset[what];
  }

  function beep() {
    if (!sound || goesOn) return;
    const tone = new OscillatorNode(sound, { frequency: 1760 });
    tone.connect(new GainNode(sound, { gain: 0.1 })).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.09);
  }
}

// The browser's own reader when it knows the codes on slips and on parcels, else the one that is shipped.
async function makeReader() {
  const formats = ["qr_code", "code_128", "ean_13", "ean_8", "code_39", "itf", "data_matrix"];
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (known.includes("qr_code") && known.includes("code_128"))
    return new BarcodeDetector({ formats: formats.filter((one) => known.includes(one)) });
  const shipped = await import(camera.dataset.ponyfill);
  const locateFile = () => camera.dataset.wasm;
  await shipped.prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new shipped.BarcodeDetector({ formats });
}
