// A link to a page of choices opens the sheet that this page already holds.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens]");
  const sheet = link && document.getElementById(link.dataset.opens);
  if (!sheet || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  sheet.showModal();
});

// A tap beside the sheet closes it.
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
});
