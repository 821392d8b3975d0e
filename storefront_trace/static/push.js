// Only where the browser has it: a button that subscribes it to this order's steps. live.js puts a new page's <main> in
// the old one's place, so the box is looked for each time.
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const known = `push:${location.pathname}`;

function show() {
  const box = document.getElementById("push");
  if (!able || !box || !box.hidden) return;
  const id = localStorage.getItem(known);
  if (id && document.querySelector(`[data-follower="${CSS.escape(id)}"]`)) return; // this browser follows already
  box.hidden = false;
  box.closest("section").hidden = false;
  box.querySelector("button").addEventListener("click", () => follow(box));
}

async function follow(box) {
  const status = box.querySelector("[role=status]");
  box.setAttribute("aria-busy", "true");
  status.textContent = "";
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      status.textContent = status.dataset.denied;
      return;
    }
    const { key } = await fetch(box.dataset.url).then((found) => found.json());
    const answer = await fetch(box.dataset.url + location.search, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ subscription: await subscription(bytes(key)), wants: "all" }),
    });
    if (!answer.ok) throw new Error(answer.status);
    localStorage.setItem(known, (await answer.json()).id);
    location.hash = "follow";
    location.reload();
  } catch {
    status.textContent = status.dataset.failed;
  } finally {
    box.removeAttribute("aria-busy");
  }
}

// One that was made with another key is of no use: the shop has changed its secret.
async function subscription(key) {
  await navigator.serviceWorker.register("/push-worker.js", { scope: "/t/" });
  const { pushManager } = await navigator.serviceWorker.getRegistration("/t/").then(ready);
  const old = await pushManager.getSubscription();
  if (old && !same(old.options.applicationServerKey, key)) await old.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

// A subscription needs a worker that is active, and `navigator.serviceWorker.ready` waits for one of this very page.
function ready(registration) {
  const worker = registration.active ? null : registration.installing ?? registration.waiting;
  if (!worker) return registration;
  return new Promise((done) =>
    worker.addEventListener("statechange", () => worker.state === "activated" && done(registration)),
  );
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const same = (buffer, key) => buffer && new Uint8Array(buffer).every((byte, place) => byte === key[place]);

new MutationObserver(show).observe(document.body, { childList: true });
show();
