// Reminders on this phone: turned on by a tap, and put right when the app is opened. Of #this-device only that shows
// whose data-state holds: on, off, lost (it was on, and this browser keeps it from us), denied, failed, install (iOS
// asks for the home screen first) or none.
import { installed, ios } from "./install.js";
import { ask, page, reach } from "./me.js";

const lines = document.querySelectorAll("#this-device [data-state]");
const { serviceWorker: worker } = navigator;

if (page() && (lines.length || opened())) check().catch(() => {});
for (const [name, turn] of Object.entries({ on: begin, off: end })) {
  document.querySelector(`#this-device [data-push=${name}]`)?.addEventListener("click", () => {
    turn().then(() => location.reload(), () => tell("failed"));
  });
}

// Whether this is the first page since the app was opened.
function opened() {
  try {
    return !sessionStorage.push && (sessionStorage.push = "seen");
  } catch {
    return true;
  }
}

async function check() {
  if (ios && !installed) return tell("install");
  if (!worker || !globalThis.PushManager) return tell("none");
  const may = Notification.permission;
  const me = await ask();
  const push = (await worker.ready).pushManager;
  const known = await push.getSubscription();
  const off = may === "denied" ? may : "off";
  if (me.device === "removed") await known?.unsubscribe();
  if (me.device === "removed" || !(me.device || known)) return tell(off);
  if (may !== "granted") return tell("lost", off);
  if (!known || key(known) !== me.key || (await mark(known)) !== me.device) await keep(push, me);
  tell("on");
}

async function begin() {
  if ((await Notification.requestPermission()) === "granted") await keep((await worker.ready).pushManager, await ask());
}

async function end() {
  const { csrf } = await ask();
  await (await (await worker.ready).pushManager.getSubscription())?.unsubscribe();
  await post("/here/remove", csrf, { redirect: "follow" });
}

// An address that no longer works, or was asked for when we had another key, makes place for a new one.
async function keep(push, { csrf, device, key: applicationServerKey }) {
  let found = await push.getSubscription();
  if (found && (device === "gone" || key(found) !== applicationServerKey)) found = (await found.unsubscribe(), null);
  found ??= await push.subscribe({ userVisibleOnly: true, applicationServerKey });
  await post("", csrf, { body: JSON.stringify(found) });
}

function post(path, csrf, how) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return reach(`/reminders/devices${path}`, { method: "POST", headers, ...how });
}

function key({ options }) {
  const bytes = String.fromCharCode(...new Uint8Array(options.applicationServerKey));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function mark({ endpoint }) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tell(...states) {
  for (const line of lines) line.hidden = !line.dataset.state.split(" ").some((state) => states.includes(state));
}
