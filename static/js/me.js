// Who this page is for; on a page for nobody, who is signed in on this device.
import * as box from "./box.js";

const OFTEN = 10 * 60 * 1000;

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;

export function page() {
  return meta("account") ? { account: meta("account"), family: meta("family") } : null;
}

export async function who() {
  return page() ?? (await known());
}

let ahead; // how far our clock is before this device's, as far as it is known

export async function known() {
  const row = await box.get("me", "me");
  ahead = row?.words.ahead ?? 0;
  return row && { account: row.account, family: row.family, ...row.words };
}

// Asks the server: only what belongs to whom it names may be sent. Who asks meanwhile gets the same answer.
let asking = null;
export function ask() {
  return (asking ??= asked().finally(() => (asking = null)));
}

// An answer that is no answer raises its status.
async function asked() {
  const answer = await reach("/me");
  const { csrf, ...me } = await answer.json();
  ahead = Date.parse(answer.headers.get("Date")) - Date.now();
  const { account, family, ...words } = me;
  if (!account || !csrf) throw new TypeError("not our server");
  box.put("me", { name: "me", account, family, at: Date.now() }, { ...words, ahead }).catch(() => {});
  return { ...me, csrf };
}

export async function reach(address, how = {}) {
  const signal = AbortSignal.timeout(15_000);
  const answer = await fetch(address, { redirect: "error", cache: "no-store", ...how, signal });
  if (answer.ok) return answer;
  if (answer.headers.has("X-Left")) await box.forget(answer.headers.get("X-Left"));
  throw Object.assign(new Error(address), { status: answer.status, wait: Number(answer.headers.get("Retry-After")) || 0 });
}

// The moment, by the server's clock if this one is far off.
export async function moment() {
  if (ahead === undefined) await known();
  return new Date(Date.now() + (Math.abs(ahead) > 90_000 ? ahead : 0)).toISOString();
}

async function refresh() {
  const left = meta("left");
  if (left) await box.forget(left);
  const here = page();
  if (!here) return;
  const row = await box.get("me", "me");
  const same = row && row.account === here.account && row.family === here.family;
  if (!same || Date.now() - row.at > OFTEN) await ask();
}
refresh().catch(() => {});

// Someone signs in: until the server has said who, this phone is nobody's, and no text may go to the wrong one.
document.addEventListener("submit", (event) => {
  const { pathname } = new URL(event.target.action);
  if (["/login", "/register"].includes(pathname)) box.remove("me", "me").catch(() => {});
});
