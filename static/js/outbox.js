// An entry is on this device first, and then on its way: sent once, kept until the server says it has it.
import * as box from "./box.js";
import { called, complain, read, release, tell } from "./fields.js";
import { ask, moment, page, reach, who } from "./me.js";
import { add, mends, settle, show } from "./pending.js";

const SOON = 30_000;
const LATEST = 15 * 60_000;
const MOST = 100; // changes at a time, and letters
const ROOM = 300_000;
const PATIENCE = 4_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-entry]")) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
  save(form, event.submitter);
});

async function save(form, submitter) {
  let row;
  try {
    row = await within(PATIENCE, keep(form, submitter));
  } catch {
    return plainly(form, submitter);
  }
  form.dataset.kept = "yes";
  form.closest("dialog")?.close();
  const alone = form.matches(".form"); // the form is the page
  form.hidden = alone;
  add(row, alone ? form : null);
  const result = await send(row.change_id);
  if (result?.errors) return refused(form, row, result.errors);
  if (result) return onward(row.words.change, result);
  if (navigator.serviceWorker?.controller && alone) return location.replace("/today");
  release(form);
  if (form.elements.uid && !form.elements.version) form.elements.uid.value = crypto.randomUUID(); // the next is another
}

async function keep(form, submitter) {
  const me = await who();
  if (!me) throw new Error("nobody is signed in");
  const made_at = (form.dataset.written = await moment());
  const change_id = (form.dataset.change ??= crypto.randomUUID());
  const fields = read(form, submitter);
  const words = { change: { ...fields, change_id, written_at: made_at, diary: fields.diary || me.family }, ...look(form, fields) };
  const row = { change_id, account: me.account, family: me.family, state: "waiting", made_at };
  await box.put("outbox", row, words, called(form, me));
  delete form.dataset.change;
  delete form.dataset.mend;
  return { ...row, words };
}

// How it is called and drawn, in the words of the form it was written in.
function look(form, fields) {
  const said = (name, value = fields[name]) => {
    const label = value && form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`)?.closest("button, label");
    return label ? (label.querySelector("b") ?? label.querySelector("span")).textContent : undefined;
  };
  const sort = said("area") ?? form.dataset.word;
  const title = said(`situation_${fields.area}`) ?? said("what") ?? (fields.stub ? form.dataset.word : sort);
  const when = ["now", "time"].includes(fields.when) ? undefined : said("when");
  return { title, sort, mark: fields.area ?? (fields.kind === "incident" ? "question" : fields.kind), when };
}

// This device keeps nothing now. With a connection the form goes as it would without us, and means the same as
// what may have been kept after all; without one it stays where it is.
async function plainly(form, submitter) {
  const reached = await reach("/me").then(() => true, (error) => error.status !== undefined);
  if (!reached) {
    release(form);
    return tell("stay")?.scrollIntoView({ block: "center" });
  }
  const { change, written } = form.dataset;
  const more = { change_id: change, written_at: written, [submitter?.name]: submitter?.value };
  for (const [name, value] of Object.entries(more)) {
    if (value) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  HTMLFormElement.prototype.submit.call(form);
}

function refused(form, row, errors) {
  if (!form.matches(".form")) return show();
  form.dataset.change = form.dataset.mend = row.change_id; // what is sent next takes its place
  history.replaceState(null, "", mends({ ...row, errors }));
  form.hidden = false;
  delete form.dataset.kept;
  document.getElementById("pending-place")?.remove();
  release(form);
  complain(form, errors);
}

// Where the server would have gone.
function onward(change, { kept_as = change.uid, day, zone }) {
  const both = change.version && kept_as !== change.uid;
  remember("told", both ? "both" : "saved");
  const today = !day || day === new Date().toLocaleDateString("sv", { timeZone: zone });
  const to = change.version ? `/entries/${kept_as}` : `${today ? "/today" : `/days/${day}`}#${kept_as}`;
  if (to.split("#")[0] !== location.pathname) return location.replace(to);
  history.replaceState(null, "", to);
  location.reload();
}

// -- sending

let timer;
let failed = 0; // times in a row
let quiet = 0; // until when nothing is tried of its own accord
let many = MOST;
const tries = new Map();

// Sends what waits. Gives what became of one of them, if the server said.
export async function send(change_id) {
  if (!change_id && Date.now() < quiet) return later(quiet - Date.now());
  const results = new Map();
  try {
    const mine = await alone(Boolean(change_id), () => round(change_id, results).then(() => true));
    if (mine) failed = 0;
  } catch (error) {
    failed = results.size ? 1 : failed + 1;
    const wait = error.status ? Math.min(LATEST, SOON * 2 ** (failed - 1)) : 1_000;
    quiet = Date.now() + Math.max(wait, (error.wait ?? 0) * 1000) * (0.9 + Math.random() / 5);
  }
  await show(document.querySelector(".form[data-entry][hidden]")).catch(() => {});
  later();
  return results.get(change_id);
}

// One tab at a time. Who waits for an answer waits for its turn; the others leave it to who is at it.
function alone(patiently, work) {
  if (!navigator.locks) return work();
  const how = patiently ? { signal: AbortSignal.timeout(SOON) } : { ifAvailable: true };
  return navigator.locks.request("nabij outbox", how, (lock) => lock && work());
}

async function round(first, results) {
  const here = await who();
  if (!here || !(await waiting(here)).length) return gone(first, results);
  const me = await ask();
  if (me.account !== here.account || me.family !== here.family) return gone(first, results);
  const rows = await waiting(me); // of another account, or another diary: not now
  const rank = (row) => (row.change_id === first ? -1 : (tries.get(row.change_id) ?? 0));
  rows.sort((one, other) => rank(one) - rank(other) || (one.made_at < other.made_at ? -1 : 1));
  while (rows.length) {
    const batch = take(rows);
    const told = await post(batch, me.csrf);
    for (const row of batch) await settled(row, told, me, results, batch.length);
  }
  await gone(first, results);
}

async function waiting(me) {
  return (await box.of("outbox", me)).filter((row) => row.state === "waiting");
}

// As many as fit, each entry once: the answer tells them apart by their uid.
function take(rows) {
  const batch = [];
  let room = ROOM;
  for (let n = 0; n < rows.length && batch.length < many; ) {
    const { uid, ...rest } = rows[n].words.change;
    room -= JSON.stringify(rest).length;
    if (batch.length && room < 0) break;
    if (batch.some((row) => row.words.change.uid === uid)) n += 1;
    else batch.push(...rows.splice(n, 1));
  }
  return batch;
}

async function post(batch, csrf) {
  const body = JSON.stringify({ changes: batch.map((row) => row.words.change) });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  try {
    const { saved, refused } = await (await reach("/sync", { method: "POST", body, headers })).json();
    many = Math.min(MOST, many * 4);
    return [...saved, ...refused];
  } catch (error) {
    if (error.status) {
      many = 1; // one that fails does not hold up the others
      for (const { change_id } of batch) tries.set(change_id, (tries.get(change_id) ?? 0) + 1);
    }
    throw error;
  }
}

async function settled(row, told, me, results, among) {
  const { change } = row.words;
  const result = told.find((one) => one.uid === change.uid) ?? (among === 1 ? told[0] : undefined);
  if (result?.errors) {
    const { words, sealed, ...bare } = row;
    await box.put("outbox", { ...bare, state: "refused", errors: result.errors }, words);
  } else if (result?.kept_as) {
    await box.remove("outbox", row.change_id);
    settle(row, result);
    result.zone = me.zone;
  } else return;
  results.set(row.change_id, result);
}

// Another tab may have sent it just before.
async function gone(change_id, results) {
  if (!change_id || results.has(change_id)) return;
  const row = await box.get("outbox", change_id);
  if (!row) results.set(change_id, {});
  else if (row.state === "refused") results.set(change_id, row);
}

// -- when

async function later(least = SOON) {
  const me = await who().catch(() => null);
  if (!me || !(await waiting(me).catch(() => [])).length) return;
  const wait = Math.max(least, quiet - Date.now());
  clearTimeout(timer); // here, and not before waiting: two that come at once leave one
  timer = setTimeout(() => document.visibilityState === "visible" && go(), wait * (0.85 + Math.random() * 0.3));
}

async function go() {
  await send();
  const me = await who().catch(() => null);
  const typing = document.querySelector(".form[data-entry]:not([hidden]), dialog[open]");
  if (page() || typing || !me || !document.querySelector(".entry--saved")) return;
  location.replace("/today"); // there is a connection again: the real page instead of the one that lay here
}

addEventListener("online", go);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("[data-entry]")) {
    if (form.dataset.sent && form.elements.uid && !form.elements.version) form.elements.uid.value = crypto.randomUUID();
    release(form);
    form.hidden = false;
  }
  go();
});

// What was refused can also be thrown away; its card asked first.
document.addEventListener("click", async (event) => {
  const id = event.target.closest("[data-drop]")?.dataset.drop;
  if (!id) return;
  const { account, family } = await who();
  await box.remove("outbox", id);
  await box.remove("drafts", [account, family, id].join(" "));
  show();
});

function within(time, promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, time, new Error("no answer")))]);
}

function remember(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // then it is not said
  }
}

function say() {
  try {
    const told = sessionStorage.getItem("told");
    sessionStorage.removeItem("told");
    if (told) tell(told);
  } catch {
    // this browser remembers nothing
  }
}

say();
show().catch(() => {});
go();
