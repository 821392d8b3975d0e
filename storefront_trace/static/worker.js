// Between the staff's pages and the network: the network first, then what was kept; when the app is opened, what was kept
// unless the network is as fast. Pages are kept for the one person whom the server names with them, and are gone as soon
// as it names another.
// Served with unsent.js in front of it, as one classic script: a module would be asked for without the session's cookie.
import { send, whoseTurn } from "./unsent.js";

const STATIC = "static"; // the same for everybody
const PICTURES = "pictures";
const PAGES = "pages:";
const KEPT = /^\/staff(\/orders\/.+|\/scan|\/row|\/offline)?$/;
const SCANNED = "?scanned=1"; // its own page is for a scanner, and not kept
const SAID = /^(\?(page|step|done|undone|said)=\w+)?$/;
const OWN = /^\?(page|step)=/; // another page, not something said on one
const OPENING = 100; // an app is there within a second, if only as it last was
const FROM_PAGE = 800;
const AFTER_SENDING = 5000; // what was just logged is rather waited for
const GIVEN_UP = 20_000;
// Differs each time, and is no news.
const PASSES = /(?<=class="order__waits?">)[^<]*|(?<=name="once" value=")\w*|<p class="said"[^]*?<\/p>/g;
const OLDEST = 3 * 24 * 3600_000;
const FRESH = 30 * 60_000;
const MOST = { [STATIC]: 80, [PICTURES]: 150, pages: 100 };
const ROWS = "/staff/row";
const MOST_ROWS = 6;
// The server writes them here: the static files, the address that its slips carry, and what tells this shop's apart.
const FILES = "FILES";
const SITE = "SITE";
const SHOP = "SHOP";
// As in domain/scanned.py: an address of ours as it is, or as a scanner types it that is set to another keyboard.
const SLIP = /^(https?[^a-z0-9].*?staff.scan)(?:.shop[^0-9a-z]{0,2}([0-9a-f]{6}))?.code[^0-9a-z%]{0,2}(.+)$/i;
const ORDER = /^(https?:\/\/.+?\/staff\/orders\/)()([^/?#]+)/i;
let forgotten = 0; // how often: what was asked for before is not kept after

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(Promise.resolve(event.addRoutes?.(FILES.split(" ").map(straight))).catch(() => {}));
  event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(FILES.split(" "))));
});

// What an app takes to open, the browser finds in our cache by itself, where it can: woken for each of them, we are slower.
const straight = (pathname) => ({ condition: { urlPattern: { pathname } }, source: { cacheName: STATIC } });

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([clients.claim(), registration.navigationPreload?.enable(), tidy()]));
});

addEventListener("sync", (event) => {
  if (event.tag === "unsent") event.waitUntil(deliver());
});

// The browser calls again when this fails.
async function deliver() {
  const person = await whoseTurn();
  const said = person ? await send(person) : { ended: "done" };
  if (["offline", "later"].includes(said.ended)) throw new Error(said.ended);
}

addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keepAll(event.data.keep));
  if (event.data?.forget) event.waitUntil(forgetAll().then(() => event.ports[0]?.postMessage("done")));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (!/^\/staff(\/|$)/.test(url.pathname)) return;
    if (request.method === "GET") event.respondWith(page(event, url));
    else event.respondWith(fetch(request).catch(() => without("data-lost ")));
  } else if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.method === "GET" && /^\/(media|stamp)\//.test(url.pathname)) event.respondWith(picture(event, request));
});

async function page(event, url) {
  const asked = arriving(event, url);
  event.waitUntil(asked.catch(() => {}));
  const began = Date.now(); // the wait is from now on, not from when what is kept has been found
  const kept = SAID.test(url.search) && (await keptPage(keyOf(url)));
  if (!kept) return asked.catch(() => found(url));
  const wait = patience(event.request, url) - (Date.now() - began);
  const answer = await Promise.race([asked.catch(() => null), pause(wait, "late")]);
  if (answer === null) return shownAsKept(kept, "kept");
  if (answer !== "late") return answer;
  event.waitUntil(catchUp(event, url, asked, kept.clone()));
  return shownAsKept(kept, "asked");
}

// From the home screen comes no referrer; who loads a page again has seen the kept one.
function patience(request, url) {
  if (url.search && !OWN.test(url.search)) return AFTER_SENDING;
  return request.referrer || ["no-cache", "reload"].includes(request.cache) ? FROM_PAGE : OPENING;
}

async function arriving(event, url) {
  const since = forgotten;
  const answer = (await event.preloadResponse?.catch(() => null)) ?? (await fetch(event.request));
  if (answer.status >= 500) throw new Error("the server is away");
  await keepPage(url, answer.clone(), since);
  return answer;
}

// What the network says after all, to the page that is shown as it was kept.
async function catchUp(event, url, asked, kept) {
  const answer = await Promise.race([asked.catch(() => null), pause(GIVEN_UP, null)]);
  const text = await answer?.text().catch(() => "");
  const same = text && essence(text) === essence(await kept.text());
  const whose = (one) => one.headers.get("keep-for");
  const elsewhere = answer && whose(answer) !== whose(kept); // signed out, perhaps, or somebody else in
  if (elsewhere) await forgetAll();
  const client = await clients.get(event.resultingClientId);
  client?.postMessage({ news: !answer ? "none" : elsewhere ? "elsewhere" : same ? "same" : "new", text: same && text });
}

// A number was scanned or typed: that order's page may be here. If it is not, the number stands where it is asked for.
async function found(url) {
  const scanned = url.search === SCANNED && (await keptPage(url.pathname));
  if (scanned) return shownAsKept(scanned, "kept");
  const ours = ["", SHOP].includes(url.searchParams.get("shop") ?? "");
  const asked = { "/staff": "q", "/staff/scan": "code" }[url.pathname];
  const number = asked && ours ? numberIn(url.searchParams.get(asked) ?? "") : "";
  for (const one of number && new Set([number, `#${number}`, number.toUpperCase(), number.toLowerCase()])) {
    const there = `/staff/orders/${encodeURIComponent(one)}`;
    if (await keptPage(there)) return Response.redirect(there, 303);
  }
  return without(number && `data-number="${number.replace(/["&<]/g, (char) => `&#${char.charCodeAt()};`)}" `);
}

// Of what a scanner read or a hand typed. "" for another shop's slip, which may have the same number.
function numberIn(text) {
  const code = readable(text);
  const [, address, shop, inside] = SLIP.exec(code) ?? ORDER.exec(code) ?? [];
  if (address ? !isOurs(address) || (shop && shop.toLowerCase() !== SHOP) : code.includes("://")) return "";
  const number = address ? unquoted(inside.replaceAll("+", code.includes("://") ? " " : "-")) : code;
  const bare = readable(number).replace(/^#/, "").trim();
  return bare.length <= 64 ? bare : "";
}

const readable = (text) => text.replace(/\p{C}/gu, "").trim();
const isOurs = (address) => [location.origin, SITE].some((one) => letters(address).startsWith(`${letters(one)}staff`));
const letters = (address) => address.toLowerCase().replace(/^https?[^a-z0-9]+/, "").replace(/[^a-z0-9]+/g, "");

function unquoted(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

// `more` about it: "data-lost " where something was sent, and has not arrived.
async function without(more) {
  const kept = await keptPage("/staff/offline");
  return kept ? shownAsKept(kept, "away", more) : Response.error();
}

async function shownAsKept(answer, how, more = "") {
  const waiting = list(answer.headers.get("keep-for")).then(handled, () => new Set());
  const text = folded(await answer.text(), await waiting);
  const mark = `<body data-${how}="${answer.headers.get("kept-at")}" ${more}`;
  return new Response(text.replace("<body ", () => mark), { status: how === "away" ? 503 : 200, headers: answer.headers });
}

// As the page's own script would do it a moment later, under a thumb.
function folded(text, done) {
  let open = !done.size;
  if (open) return text;
  return text.replace(/(<details class="order" id="order-([^"]*)")(?: open)?>([^]*?class="order__wait)/g, (_, tag, number, rest) => {
    const first = !open && !done.has(number);
    open ||= first;
    return `${tag}${first ? " open" : ""}>${rest}${done.has(number) ? " order__wait--kept" : ""}`;
  });
}

async function keptPage(path) {
  const answer = await caches.match(path); // pages are one person's at a time, and nothing else has such an address
  if (answer && Date.now() - new Date(answer.headers.get("kept-at")) < OLDEST) return answer;
}

const essence = (text) => text.slice(text.indexOf("<body"), text.indexOf("</main>")).replace(PASSES, "");

// Signed out, or no longer working here: what customers are called is nobody's to read on this device.
async function forgetAll() {
  const turn = ++forgotten;
  for (const name of await caches.keys()) if (name.startsWith(PAGES) || name === PICTURES) await caches.delete(name);
  return turn;
}

// What a page says was done belongs to no page.
const keyOf = (url) => url.pathname + (OWN.test(url.search) ? url.search : "");

// Only what the server says may be kept, for whom it says: on a shared tablet it says nothing.
async function keepPage(url, answer, since) {
  if (since !== forgotten || answer.status !== 200 || answer.redirected || !/^text\/html/.test(answer.headers.get("content-type"))) return;
  const person = answer.headers.get("keep-for");
  for (const name of await caches.keys()) {
    const theirs = name.startsWith(PAGES) && name !== PAGES + person;
    if (theirs) since = await forgetAll();
  }
  if (!person || !SAID.test(url.search) || !KEPT.test(url.pathname)) return;
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name); // it is unpacked by now
  headers.set("kept-at", new Date().toISOString()); // by this device's clock, which is what it is compared with
  await put(PAGES + person, keyOf(url), new Response(answer.body, { headers }), MOST.pages, since);
}

async function keepAll(paths) {
  const since = forgotten;
  for (const path of paths) {
    if (since !== forgotten || !(await keepFresh(path, since))) return;
    if (path === ROWS) paths.push(...(await rows()));
  }
}

async function keepFresh(path, since) {
  const kept = await keptPage(path);
  if (kept && Date.now() - new Date(kept.headers.get("kept-at")) < FRESH) return true;
  const answer = await fetch(path, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || answer.redirected) return false;
  await keepPage(new URL(path, location), answer, since);
  return true;
}

// The steps that one may do in a row, as the page names them: those of one's own team first.
async function rows() {
  const text = (await (await keptPage(ROWS))?.text()) ?? "";
  return [...text.matchAll(/href="(\/staff\/row\?step=\w+)"/g)].map(([, way]) => way).slice(0, MOST_ROWS);
}

// The address of a static file changes with what is in it.
async function file(request) {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request).catch(() => null);
  if (answer?.ok) await put(STATIC, request, answer.clone(), MOST[STATIC]);
  return answer ?? (await sameName(cache, request)) ?? Response.error();
}

async function sameName(cache, request) {
  const name = (url) => new URL(url).pathname.split("/").slice(3).join("/");
  const known = (await cache.keys()).findLast((one) => name(one.url) === name(request.url));
  return known && cache.match(known);
}

// A portrait may be somebody's no longer: never from here while there is network.
async function picture(event, request) {
  const since = forgotten;
  const answer = await fetch(request).catch(() => null);
  if (answer?.ok) event.waitUntil(put(PICTURES, request, answer.clone(), MOST[PICTURES], since));
  return answer ?? (await caches.match(request, { cacheName: PICTURES })) ?? nothing();
}

// Its frame stays empty: to a person a torn picture says that something is broken.
const nothing = () => new Response('<svg xmlns="http://www.w3.org/2000/svg"/>', { headers: { "content-type": "image/svg+xml" } });

// A full disk is no reason to show nothing. The network may go in the middle: the old one goes when all of the new is here.
async function put(name, request, answer, most, since) {
  const late = () => since !== undefined && since !== forgotten;
  try {
    const { status, headers } = answer;
    const whole = new Response(await answer.blob(), { status, headers });
    if (late()) return;
    const cache = await caches.open(name);
    await cache.delete(request);
    await cache.put(request, whole);
    const keys = await cache.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(old);
    if (late()) await caches.delete(name); // in this very moment
  } catch {}
}

async function tidy() {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PAGES))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      if (Date.now() - new Date(answer?.headers.get("kept-at")) >= OLDEST) await cache.delete(request);
    }
  }
}

const pause = (ms, said) => new Promise((done) => setTimeout(() => done(said), ms));
