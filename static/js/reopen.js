// Where a question may be left open, choosing the chosen answer again leaves it open.
let chosen = null;
for (const press of ["pointerdown", "keydown"]) {
  document.addEventListener(press, (event) => {
    const radio = event.target.closest("[data-open] label")?.querySelector("input[type=radio]");
    chosen = radio?.checked ? radio : null;
  });
}
document.addEventListener("click", (event) => {
  if (chosen && event.target === chosen) chosen.checked = false;
});
document.addEventListener("keyup", (event) => {
  if (event.key !== " " || !chosen || event.target !== chosen) return;
  event.preventDefault(); // the browser would choose it once more
  chosen.checked = false;
});
