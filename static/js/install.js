// How this phone puts the app on its home screen: told on Vandaag after the third entry, and never again once refused.
const ENOUGH = 3;
const card = document.getElementById("install");
export const installed = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true; // iOS says the last
export const ios = /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer("asks", () => event.prompt());
});
addEventListener("appinstalled", () => {
  card?.remove();
  keep();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[action='/entries']")) remember("written", Number(recall("written") ?? 0) + 1);
});
card?.querySelector("[data-never]").addEventListener("click", () => {
  remember("install", "never");
  card.remove();
});
if (installed) keep();
else if (ios) {
  offer("ios");
  if (!/CriOS|FxiOS|EdgiOS/.test(navigator.userAgent)) offer("tab");
}

function offer(way, then) {
  if (!card || installed || recall("install") === "never" || Number(recall("written") ?? 0) < ENOUGH) return;
  const line = card.querySelector(`[data-on=${way}]`);
  line.hidden = card.hidden = false;
  if (then) line.addEventListener("click", then, { once: true });
}

// Who put the app on a home screen means to come back: the browser is asked to throw nothing away.
async function keep() {
  if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
}

// A browser may refuse to remember anything; then nothing is remembered.
function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // asked again another time
  }
}
