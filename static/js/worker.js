// The service worker is for the next visit, so it is fetched when this page has come to rest. A newer one waits
// until nothing can be lost: no field was changed, and nothing is still to be sent.
import { all } from "./box.js";

const { worker } = document.documentElement.dataset; // not there when an operator switched it off
const made = new URL(import.meta.url).pathname.split("/").slice(0, 3).join("/");
const bar = document.getElementById("fresh");

if (navigator.serviceWorker) {
  const rest = globalThis.requestIdleCallback ?? setTimeout;
  const begin = () => setTimeout(() => rest(worker ? register : leave), 500);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}

async function register() {
  const workers = navigator.serviceWorker;
  try {
    const found = await workers.register(worker, { updateViaCache: "none" });
    if (found.waiting) await greet(found);
    found.addEventListener("updatefound", () => {
      const { installing } = found;
      installing.addEventListener("statechange", () => {
        if (installing.state === "installed" && workers.controller) greet(found);
      });
    });
    // Another tab let the new one in: this page goes on as it is, until its reader wants the new one.
    workers.addEventListener("controllerchange", () => workers.controller && show(found));
    bar.querySelector("button").addEventListener("click", () => renew(found));
  } catch {
    // Without a worker everything works that works with a connection.
  }
}

// What is here of a worker asks for the newest, and that one takes itself away.
async function leave() {
  const found = await navigator.serviceWorker.getRegistration();
  await found?.update().catch(() => {});
}

// A page of the same version as the worker has nothing to gain by being loaded again.
async function greet(found) {
  if ((await version(found.waiting)) !== made) show(found);
  else if (await clean()) found.waiting?.postMessage("take over");
}

async function show(found) {
  const newest = found.waiting ?? found.active;
  if (newest && (await version(newest)) !== made) bar.hidden = false;
}

async function renew(found) {
  if (!(await clean())) {
    for (const said of bar.children) said.hidden = !said.hidden;
  } else if (found.waiting) {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    found.waiting.postMessage("take over");
  } else location.reload();
}

function version(other) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data);
    other.postMessage("which version?", [port2]);
  });
}

async function clean() {
  if ([...document.forms].some((form) => [...form.elements].some(changed))) return false;
  try {
    return (await all("outbox")).length === 0;
  } catch {
    return true; // nothing can be kept here, so nothing is
  }
}

function changed(field) {
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
}
