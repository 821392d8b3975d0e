// Shows what the shop pushes, and leads to the order's page. It keeps nothing and stands in no request's way.
addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const { title, body, icon, tag, lang, url } = told;
  event.waitUntil(registration.showNotification(title ?? "", { body, icon, tag, lang, data: url, renotify: Boolean(tag) }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data ?? "/", location.origin);
  if (url.origin === location.origin) event.waitUntil(open(url.href));
});

async function open(url) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url.split(/[?#]/)[0] === url);
  return there ? there.focus() : clients.openWindow(url);
}
