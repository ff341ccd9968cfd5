// A desk that was left alone is covered when the server locks it. What was typed waits under the cover.
const cover = document.querySelector("[data-cover]");
let since = Date.now();

function look() {
  if (Date.now() - since > 15 * 60_000 && !cover.open) cover.showModal();
}

setInterval(look, 20_000);
document.addEventListener("visibilitychange", look);
cover.addEventListener("cancel", (event) => event.preventDefault());
cover.querySelector("button").addEventListener("click", async () => {
  if (!(await fetch("/me")).ok) return;
  since = Date.now();
  cover.close();
});
