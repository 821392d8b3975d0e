// Where one signs in: the pages that somebody's device kept for no network are gone. What waits to be sent is not. The
// worker is told as well: it may be fetching one that it would keep a moment later.
if (globalThis.caches) {
  const worker = (await navigator.serviceWorker?.getRegistration("/staff").catch(() => null))?.active;
  if (worker) await told(worker);
  for (const name of await caches.keys()) if (/^(pages|pictures)/.test(name)) await caches.delete(name);
}

function told(worker) {
  const { port1, port2 } = new MessageChannel();
  const soon = new Promise((done) => setTimeout(done, 1000));
  const heard = new Promise((done) => (port1.onmessage = done));
  worker.postMessage({ forget: true }, [port2]);
  return Promise.race([heard, soon]);
}
