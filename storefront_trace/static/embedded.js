// Inside the frame: tells the page around it how high we are, once that page has greeted us from one of the shop's
// own addresses. To nobody else.
const shops = document.body.dataset.shops.split(" ");
let shop = "";

function tell() {
  if (shop) parent.postMessage({ storefrontTrace: Math.ceil(document.body.getBoundingClientRect().height) }, shop);
}

addEventListener("message", ({ origin, source, data }) => {
  if (source !== parent || !shops.includes(origin) || data?.storefrontTrace !== "hello") return;
  shop = origin;
  tell();
});
new ResizeObserver(tell).observe(document.body, { box: "border-box" });
