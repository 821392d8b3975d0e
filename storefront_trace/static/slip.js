// The browser's own menu prints as well; here is a button for it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
// All or none at once, where orders are chosen.
for (const link of document.querySelectorAll("[data-tick]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const box of document.querySelectorAll("input[name=number]")) box.checked = link.dataset.tick === "all";
  });
}
