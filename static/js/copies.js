// A link to pass on is selected at a tap, so that it can be copied or shared.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-copies]")) event.target.select();
});
