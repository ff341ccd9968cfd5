// A form that a passkey fills in: shown where the browser knows passkeys, sent once its owner has said yes.
const known = window.PublicKeyCredential;
for (const form of document.querySelectorAll("[data-passkey]")) {
  const { passkey, options } = form.dataset;
  const read = known?.[passkey === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
  if (!read) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = { publicKey: read.call(known, JSON.parse(options)) };
    try {
      form.elements.credential.value = JSON.stringify(await navigator.credentials[passkey](asked));
      form.submit();
    } catch {
      form.querySelector("[role=status]").hidden = false;
    }
  });
}
