// Signing out leaves nothing behind. What was not sent yet is asked about first.
import * as box from "./box.js";
import { part, release } from "./fields.js";
import { ask, reach, who } from "./me.js";
import { send } from "./outbox.js";

const OUT = "sign out"; // all that is remembered: that it still has to be told

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches('[action="/logout"]') || event.defaultPrevented) return;
  event.preventDefault();
  const left = await unsent();
  if (!left.mine.length && !left.others) return leave();
  const asked = document.getElementById("leaving")?.content.firstElementChild.cloneNode(true);
  if (!asked) return leave();
  document.body.append(asked);
  asked.querySelector("[data-others]").hidden = left.others === 0;
  asked.querySelector("[data-mine]").hidden = left.mine.length === 0;
  for (const [name, choose] of Object.entries({ send: hurry, file: save, leave, stay })) {
    asked.querySelector(`[data-do=${name}]`).addEventListener("click", () => choose(asked));
  }
  asked.addEventListener("close", () => {
    asked.remove();
    release(form);
  });
  asked.showModal();
});

async function unsent() {
  try {
    const me = await who();
    const rows = [...(await box.all("outbox")), ...(await box.all("drafts"))];
    const mine = [...(await box.of("outbox", me)), ...(await box.of("drafts", me))];
    return { mine, others: rows.length - mine.length }; // of another, or of another diary
  } catch {
    return { mine: [], others: 0 }; // nothing can be kept here, so nothing is
  }
}

async function hurry(asked) {
  await send("all of it");
  const { mine, others } = await unsent();
  if (!mine.length && !others) return leave();
  asked.querySelector("[data-still]").hidden = false;
}

// As a letter to oneself: what was typed, field by field.
async function save() {
  const { mine } = await unsent();
  const texts = mine.map(({ words }) => lines(words.change ?? words.fields).join("\n"));
  const address = URL.createObjectURL(new Blob([texts.join("\n\n")], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href: address, download: "nabij.txt" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function lines(fields) {
  const ours = ["uid", "change_id", "diary", "child", "version", "opened_at", "stub"];
  return Object.entries(fields)
    .filter(([name, said]) => !ours.includes(name) && said.length)
    .map(([name, said]) => `${name}: ${said}`);
}

function stay(asked) {
  asked.close();
}

async function leave() {
  const bye = part("bye")?.cloneNode(true);
  await box.wipe();
  try {
    await tell();
    location.replace("/");
  } catch (error) {
    if (error.status === 401) return location.replace("/"); // it was over already
    localStorage.setItem(OUT, "yes");
    handOver().catch(() => {}); // then the next page tells it
    document.title = "Nabij";
    document.body.replaceChildren(...(bye ? [bye] : []));
  }
}

async function tell() {
  await navigator.serviceWorker?.getRegistration().then(async (here) => (await here?.pushManager?.getSubscription())?.unsubscribe()).catch(() => {});
  const { csrf } = await ask();
  await reach("/logout", { method: "POST", headers: { "X-CSRFToken": csrf }, redirect: "follow" });
}

// The worker lets no page through before it has told it, and the browser wakes it when there is a connection again.
async function handOver() {
  await caches.open(OUT);
  await (await navigator.serviceWorker.getRegistration())?.sync?.register(OUT);
}

// It could not be told then, so it is told now; until it is, this page shows nothing.
async function late() {
  document.documentElement.hidden = true;
  await box.wipe(); // of what this page may have kept before it knew
  localStorage.setItem(OUT, "yes");
  try {
    await tell();
  } catch (error) {
    if (error.status !== 401) return show();
  }
  localStorage.removeItem(OUT);
  await globalThis.caches?.delete(OUT);
  location.replace("/");
}

function show() {
  if (document.documentElement.dataset.nobody !== undefined) document.documentElement.hidden = false;
}

try {
  if (localStorage.getItem(OUT)) late();
} catch {
  // this browser remembers nothing
}
addEventListener("online", () => localStorage.getItem(OUT) && late());
