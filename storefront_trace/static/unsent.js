// What waits on this device for the network: steps, who has an order, scans. Whatever is kept here is on the disk,
// belongs to one person, and goes out in order, one at a time, under a key of its own: told twice, the server does it
// once. Used by the pages and by the worker, which may send at the same time as a page: hence the lock.
const SOON = 20_000;
const PHOTO = 120_000;
const JUST_NOW = 10_000;
const others = globalThis.BroadcastChannel ? new BroadcastChannel("unsent") : null;
const ears = new Set();
let opened;
let sending;

// Scans, by their keys, which the page in front of the person shows line by line: what it says of them at once is said.
export const seenHere = new Set();

// News for every page here, this one too: {once, event, row, refused} of one that was answered, or that something else
// has changed.
export const listen = (ear) => ears.add(ear);
others?.addEventListener("message", ({ data }) => hear(data));

export function tell(news) {
  others?.postMessage(news);
  hear(news);
}

export function hear(news) {
  for (const ear of ears) ear(news);
}

function store() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("unsent", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("steps", { keyPath: "n", autoIncrement: true }).createIndex("person", "person");
      asked.result.createObjectStore("photos"); // apart, so that the list can be read without them
      asked.result.createObjectStore("facts");
    };
    asked.onsuccess = () => {
      asked.result.onclose = () => (opened = undefined);
      asked.result.onversionchange = () => (asked.result.close(), (opened = undefined));
      done(asked.result);
    };
    asked.onerror = asked.onblocked = () => fail(asked.error);
  }).catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

// Resolves when it is on the disk, not before: a battery may die.
async function change(act) {
  const written = (await store()).transaction(["steps", "photos", "facts"], "readwrite", { durability: "strict" });
  return new Promise((done, fail) => {
    let result;
    written.oncomplete = () => done(result);
    written.onabort = written.onerror = ({ target }) => fail(written.error ?? target.error);
    try {
      act((name) => written.objectStore(name), (value) => (result = value));
    } catch (error) {
      fail(error); // first: all of it, or nothing
      written.abort();
    }
  });
}

async function read(name, ask) {
  const found = ask((await store()).transaction(name).objectStore(name));
  return new Promise((done, fail) => {
    found.onsuccess = () => done(found.result);
    found.onerror = () => fail(found.error);
  });
}

// `mends` is the one whose place it takes, in the row as well.
export function keep(step, photo, mends) {
  return change((table, answer) => {
    if (mends) drop(table, mends);
    const put = table("steps").add(mends ? { ...step, n: mends } : step);
    put.onsuccess = () => {
      if (photo) table("photos").add(photo, put.result);
      answer(put.result);
    };
  });
}

export const remove = (n) => change((table) => drop(table, n));

export const again = (n) => change((table) => alter(table, n, () => ({ refused: null })));

// What was never sent is gone at once. What was sent without an answer may have arrived: the server is asked to see to it.
export const undo = (n) =>
  change((table, answer) =>
    alter(table, n, (step) => {
      answer(step);
      if (!step.tried) drop(table, n);
      return step.tried && { cancel: true, refused: null };
    }),
  );

export const list = (person) => read("steps", (steps) => steps.index("person").getAll(person));

// The orders that what waits leaves nothing to do about, for now: the next one is looked at instead.
export const handled = (steps) =>
  new Set(steps.filter((one) => !one.refused && !one.cancel && one.does !== "take").map((one) => one.order));

export const photoOf = (n) => read("photos", (photos) => photos.get(n));

// Who has this device in hand, for when the worker sends without a page.
export const whoseTurn = () => read("facts", (facts) => facts.get("person"));

export const takeTurn = (person) => change((table) => table("facts").put(person, "person"));

function drop(table, n) {
  table("steps").delete(n);
  table("photos").delete(n);
}

// Nothing happens to one that is gone.
function alter(table, n, values) {
  const found = table("steps").get(n);
  found.onsuccess = () => {
    const changes = found.result && values(found.result);
    if (changes) table("steps").put({ ...found.result, ...changes });
  };
}

// {ended: "done" | "later" | "offline" | "signed-out" | "somebody-else", wait: seconds|undefined}
export function send(person) {
  const turn = () => sendAll(person);
  const before = sending ?? Promise.resolve();
  const mine = before.catch(() => {}).then(() => (navigator.locks ? navigator.locks.request("unsent", turn) : turn()));
  sending = mine;
  return mine;
}

async function sendAll(person) {
  for (;;) {
    const next = await first(person);
    if (!next) return { ended: "done" };
    const step = await begin(next.n);
    if (!step) continue; // taken back this very moment
    const said = await post(step, await photoOf(step.n));
    if (said.ended) return said;
    await finish(step, said);
    tell({ once: step.once, event: said.event, row: said.row, refused: Boolean(said.refused) });
  }
}

const begin = (n) =>
  change((table, answer) => alter(table, n, (step) => (answer(step), step.tried ? null : { tried: true })));

const finish = (sent, { refused }) =>
  change((table) => {
    const newest = table("steps").openKeyCursor(null, "prev");
    newest.onsuccess = () =>
      alter(table, sent.n, (step) => {
        if (step.cancel && !sent.cancel) return null; // taken back meanwhile: that is told next
        if (!refused || isSeen(sent)) return drop(table, sent.n);
        return { refused: { ...refused, last: newest.result?.key } };
      });
  });

const isSeen = ({ once, at }) =>
  seenHere.has(once) && Date.now() - new Date(at) < JUST_NOW && document.visibilityState === "visible";

async function first(person) {
  const steps = await list(person);
  const held = behind(steps);
  return steps.find((step) => !step.refused && !held.has(step.n));
}

// What was kept after one that was refused waits until a person has decided about that one; what they did once they knew
// does not, nor do scans, which have nothing to do with each other.
export function behind(steps) {
  const last = new Map();
  const held = new Set();
  for (const { n, does, order, refused } of steps) {
    if (does === "scan") continue;
    if (refused) last.set(order, refused.last);
    else if (n <= last.get(order)) held.add(n);
  }
  return held;
}

// {event, row} | {refused: {status, detail, why}, row} | {ended}
export async function post(step, photo) {
  const body = new FormData();
  for (const [name, value] of step.fields) body.append(name, value);
  for (const name of ["does", "order", "once", "at", "person"]) body.append(name, step[name]);
  body.append("clock", written(new Date()));
  if (step.cancel) body.append("cancel", "1");
  if (photo && !step.cancel) body.append("photo", new Blob([photo.bytes], { type: photo.type }), photo.name || "photo");
  const url = `/staff/sync?lang=${step.lang}`;
  const signal = AbortSignal.timeout?.(photo ? PHOTO : SOON);
  const answer = await fetch(url, { method: "POST", body, signal, redirect: "error" }).catch(() => null);
  if (!answer) return { ended: "offline" };
  // A café's network answers everything with a page of its own: only what is surely ours counts.
  const ours = /json/.test(answer.headers.get("content-type") ?? "");
  const told = ours ? await answer.json().catch(() => null) : null;
  if (answer.status === 201 && told && "event" in told) return { event: told.event, row: told.row };
  if (answer.status === 413) return { refused: { status: 413, detail: told?.detail ?? "" } };
  if (!told) return { ended: "offline" };
  if (answer.status === 401) return { ended: "signed-out" };
  if (answer.status === 403) return { ended: "somebody-else" };
  if (answer.status === 429 || answer.status >= 500) {
    return { ended: "later", wait: Number(answer.headers.get("retry-after")) || undefined };
  }
  const why = (told.errors ?? []).map((one) => one.message);
  return { refused: { status: answer.status, detail: told.detail ?? "", why }, row: told.row };
}

// As RFC 3339 wants it, with the offset of the wall clock here.
export function written(date) {
  const east = -date.getTimezoneOffset();
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  const local = new Date(date.getTime() + east * 60_000).toISOString().slice(0, -1);
  return `${local}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
}
