// The buttons for passkeys. They are hidden until this file finds a browser that knows passkeys.
const able = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials);

for (const box of able ? document.querySelectorAll("[data-passkey]") : []) {
  if (box.dataset.host !== location.hostname) continue; // the browser would refuse
  box.hidden = false;
  box.closest("[data-passkey-part]")?.removeAttribute("hidden");
  box.querySelector("button").addEventListener("click", () => use(box));
}

async function use(box) {
  if (box.dataset.busy) return; // the browser's dialog is open
  const words = box.querySelector("[role=status]");
  box.dataset.busy = "yes";
  words.textContent = "";
  try {
    const made = await dialog(box.dataset.passkey, await post(box.dataset.start));
    const { to } = await post(box.dataset.finish, JSON.stringify(made));
    const here = location.href.split("#")[0];
    location.assign(box.dataset.then || to);
    if (!box.dataset.then && new URL(to, here).href.split("#")[0] === here) location.reload(); // only the part behind # was new
  } catch (error) {
    if (error.to) location.assign(error.to); // to prove first who one is
    words.textContent = said(box.dataset, error);
  } finally {
    delete box.dataset.busy;
  }
}

async function dialog(kind, options) {
  if (kind === "create") return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function post(url, body = "{}") {
  const answer = await fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error("refused"), { words: told.message, to: told.to });
  return told;
}

function said(data, error) {
  if (error.words) return error.words;
  if (error.name === "InvalidStateError") return data.known;
  return error.name === "NotAllowedError" || error.name === "AbortError" ? data.cancelled : data.failed;
}
