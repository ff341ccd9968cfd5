// What an entry form says: read, put back, and told what is wrong.
const LISTS = ["guess", "signals", "tried"];
const CHOICES = ["radio", "checkbox"];

export function read(form, submitter) {
  const typed = new FormData(form);
  if (submitter?.name) typed.set(submitter.name, submitter.value);
  for (const name of ["csrf_token", "whose"]) typed.delete(name);
  const fields = {};
  for (const name of typed.keys()) fields[name] = LISTS.includes(name) ? typed.getAll(name) : typed.get(name);
  return fields;
}

export function fill(form, fields) {
  for (const field of form.elements) {
    const said = fields[field.name];
    if (!field.name || field.name === "csrf_token") continue;
    if (field.name === "happened_at" && said?.endsWith("Z")) continue; // as an earlier version of ours kept it
    if (CHOICES.includes(field.type)) field.checked = [said].flat().includes(field.value);
    else if (said !== undefined) field.value = said;
  }
  for (const fold of form.querySelectorAll("details")) if (changed(fold)) fold.open = true;
}

function changed(fold) {
  const fields = [...fold.querySelectorAll("input, textarea")];
  return fields.some((field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue);
}

// As the server would have drawn it: a sentence at each field, and one above that leads to the first.
export function complain(form, errors) {
  for (const said of form.querySelectorAll(".told--wrong, .wrong")) said.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const summary = part("summary").cloneNode(true);
  form.querySelector("header").after(summary);
  for (const [name, sentence] of Object.entries(errors)) {
    const said = part("wrong").cloneNode(true);
    said.id = `${name}-wrong`;
    said.append(sentence);
    const fields = form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
    const place = fields[0]?.closest(".field");
    for (const field of fields) if (!CHOICES.includes(field.type)) field.setAttribute("aria-invalid", "true");
    (place ?? summary).append(said);
    for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  summary.querySelector("a").href = `#${Object.keys(errors)[0]}-wrong`;
  summary.scrollIntoView({ block: "center" });
}

// A piece of the page that waits to be used; the server wrote its sentences.
export function part(name) {
  return document.getElementById("pending")?.content.querySelector(`[data-part="${name}"]`);
}

// A sentence at the top of this page.
export function tell(name) {
  const said = part(`told-${name}`)?.cloneNode(true);
  if (!said) return null;
  const told = Object.assign(document.createElement("div"), { className: "told" });
  told.setAttribute("role", "status");
  told.append(said);
  document.querySelector("main").prepend(told);
  return told;
}

export function release(form) {
  delete form.dataset.sent;
  form.querySelector("button[aria-disabled]")?.removeAttribute("aria-disabled");
}

// How a form is called on this device: what its draft is kept under.
export function called(form, me) {
  const { version, uid, kind } = form.elements;
  return [me.account, me.family, form.dataset.mend ?? (version?.value ? uid : kind).value].join(" ");
}
