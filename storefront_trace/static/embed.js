// For the shop's own page: <div data-storefront-trace="https://…/t/TOKEN"><a href="…">Where is my order?</a></div>
// The link stays until the order's page has answered, so a refusal or a slow network leaves it in place.
(() => {
  const home = new URL(document.currentScript.src).origin;
  const show = (box) => {
    const page = new URL(box.dataset.storefrontTrace, home);
    if (page.origin !== home || !/^\/t\/[\w-]{43}$/.test(page.pathname)) return;
    const frame = document.createElement("iframe");
    const language = page.searchParams.get("lang");
    frame.title = box.dataset.title || box.textContent.trim();
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    frame.src = home + page.pathname + "/embed" + (language ? "?lang=" + encodeURIComponent(language) : "");
    Object.assign(frame.style, { border: 0, position: "absolute", inset: 0, width: "100%", height: "100%", opacity: 0 });
    const high = box.clientWidth < 544 ? 300 : 260;
    Object.assign(box.style, { position: "relative", minHeight: high + "px" });
    addEventListener("message", ({ origin, source, data }) => {
      if (origin !== home || source !== frame.contentWindow || !Number.isFinite(data?.storefrontTrace)) return;
      for (const other of [...box.childNodes]) if (other !== frame) other.remove();
      frame.style.opacity = 1;
      box.style.minHeight = Math.min(Math.max(data.storefrontTrace, high), 2000) + "px";
    });
    frame.addEventListener("load", () => frame.contentWindow.postMessage({ storefrontTrace: "hello" }, home));
    box.append(frame);
  };
  const all = () => document.querySelectorAll("[data-storefront-trace]").forEach(show);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", all);
  else all();
})();
