// What is being typed is kept on this device within half a second, and is there again after a killed tab.
import { ready } from "./belongs.js";
import * as box from "./box.js";
import { called, complain, fill, read, tell } from "./fields.js";
import { who } from "./me.js";

const form = document.querySelector(".form[data-entry]");
const SOON = 300;
let timer = null;

if (form) {
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => (timer ??= setTimeout(keep, SOON)));
  addEventListener("pagehide", () => timer && keep());
  if (!form.querySelector(".told--wrong")) bring().catch(() => {}); // the server brought it back already
}

async function keep() {
  clearTimeout(timer);
  timer = null;
  if (done()) return;
  try {
    const me = await who();
    const fields = read(form);
    const row = { form: called(form, me), account: me.account, family: me.family };
    await box.put("drafts", row, { fields, change: form.dataset.change });
    if (done()) await box.remove("drafts", row.form);
  } catch {
    // it is still on the screen
  }
}

// What was saved is no draft any more.
function done() {
  return form.dataset.sent || form.dataset.kept;
}

async function bring() {
  await ready;
  const me = await who();
  if (!me) return;
  const refused = await returned(me);
  if (refused) form.dataset.mend = form.dataset.change = refused.change;
  const name = called(form, me);
  const draft = (await box.get("drafts", name))?.words ?? refused;
  if (!draft) return;
  if (refused?.errors.uid && draft.fields.version) anew(draft.fields);
  if (draft.change) form.dataset.change = draft.change;
  const given = draft.fields.version ? [] : [...form.querySelectorAll("textarea")].map((field) => [field, field.value]);
  fill(form, draft.fields);
  for (const [field, text] of given) {
    // another app shared it into this form: it is no reason to lose what was typed before, nor the other way around
    if (!field.value.includes(text)) field.value = [field.value, text].filter(Boolean).join("\n\n");
  }
  const { errors } = refused ?? draft;
  if (errors) return complain(form, errors);
  tell("back")?.querySelector("button").addEventListener("click", async () => {
    form.dataset.kept = "no"; // nothing is any more
    await box.remove("drafts", name);
    location.reload();
  });
}

// What was refused and is mended on this page, if it is of whom this page is for.
async function returned({ account, family }) {
  const change = new URLSearchParams(location.search).get("mend");
  const row = change && (await box.get("outbox", change));
  if (row?.state !== "refused" || row.account !== account || row.family !== family) return null;
  const { change_id, written_at, stub, ...fields } = row.words.change;
  return { fields, errors: row.errors, change };
}

// What this was an edit of is not there any more: it is kept as a text of its own.
function anew(fields) {
  for (const name of ["uid", "version", "happened_at", "about"]) delete fields[name];
}
