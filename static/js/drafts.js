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
    const row = { form: called(fields, me), account: me.account, family: me.family };
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
  const name = me && called(read(form), me);
  const draft = name && (await box.get("drafts", name));
  if (!draft) return;
  const { fields, errors, change } = draft.words;
  if (change) form.dataset.change = change;
  fill(form, fields);
  if (errors) return complain(form, errors);
  tell("back")?.querySelector("button").addEventListener("click", async () => {
    form.dataset.kept = "no"; // nothing is any more
    await box.remove("drafts", name);
    location.reload();
  });
}
