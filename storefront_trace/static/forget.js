// Where one signs in: the pages that somebody's device kept for no network are gone. What waits to be sent is not.
if (globalThis.caches) {
  for (const name of await caches.keys()) if (/^(pages|pictures)/.test(name)) await caches.delete(name);
}
