// Opens the app without a connection. It keeps what is public and the same for everyone, and never a page or an
// answer of a family. The server writes SHELL above this: the version, and all that is kept.
const CACHE = `nabij-${SHELL.version}`;
const PATIENCE = 4000;
const STANDS_IN = /^\/(today|timeline|days|entries\/new|asso|reading|help|reminders(?=\/\d))?(\/|$)/;
const FORMS = ["incident", "contact", "checkin", "weekcheck"];
const SECRET = /password|current|code/; // not for a page to hold
const LEFT = "sign out"; // a cache with nothing in it: someone signed out here, and the server has not heard it yet
const AWAY = [502, 503, 504]; // what stands in front of the diary says that nobody is home

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(sweep()));
addEventListener("message", (event) => {
  if (event.data === "which version?") event.ports[0].postMessage(SHELL.made);
  if (event.data === "take over") skipWaiting();
});
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.method !== "GET") {
    if (event.request.mode === "navigate") event.respondWith(sent(event.request, url));
  } else if (event.request.mode === "navigate") event.respondWith(page(event.request, url));
  else if (url.pathname.startsWith("/static/") || url.pathname === SHELL.library) event.respondWith(file(event.request));
});
addEventListener("sync", (event) => event.tag === LEFT && event.waitUntil(tell()));
addEventListener("push", (event) => event.waitUntil(notify(event.data)));
addEventListener("notificationclick", (event) => event.waitUntil(follow(event.notification)));
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function fill() {
  const cache = await caches.open(CACHE);
  const whole = [...Object.values(SHELL.pages), SHELL.library].map((path) => keep(cache, path, "no-cache"));
  await Promise.all([...whole, ...SHELL.files.map((path) => keep(cache, path, "default"))]);
}

// Asked for as nobody, so that it is nobody's; kept only when it is what was asked for.
async function keep(cache, path, how) {
  const answer = await fetch(path, { credentials: "omit", cache: how });
  if (answer.status !== 200 || answer.redirected) throw new Error(`${path}: ${answer.status}`);
  await cache.put(path, answer);
}

// A tab that is still open from before finds its own files; anything older goes.
async function sweep() {
  const others = (await caches.keys()).filter((name) => ![CACHE, LEFT].includes(name));
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function file(request) {
  const cacheName = new URL(request.url).pathname === SHELL.library ? CACHE : undefined; // others have a version in their name
  return (await caches.match(request, { ignoreVary: true, cacheName })) ?? fetch(request);
}

async function page(request, url) {
  const kept = await caches.match(shell(url), { cacheName: CACHE, ignoreVary: true });
  const asked = tell().then(() => fetch(request));
  if (!kept) return asked;
  const found = asked.then((answer) => (AWAY.includes(answer.status) ? kept : answer), () => kept);
  if (!STANDS_IN.test(url.pathname)) return found; // a slow page to sign in on is better than another page
  return Promise.race([found, new Promise((resolve) => setTimeout(resolve, PATIENCE, kept))]);
}

// Ends the session that was left without a connection. Until the server has heard it, none of its pages is asked for.
let telling = null; // once, also when a page is opened as the browser wakes us
function tell() {
  return (telling ??= told().finally(() => (telling = null)));
}

async function told() {
  if (!(await caches.has(LEFT))) return;
  const signal = AbortSignal.timeout(PATIENCE);
  const me = await fetch("/me", { cache: "no-store", signal });
  if (me.ok) {
    const headers = { "X-CSRFToken": (await me.json()).csrf };
    const out = await fetch("/logout", { method: "POST", headers, signal });
    if (!out.ok && out.status !== 401) throw new Error(`/logout: ${out.status}`);
  } else if (me.status !== 401) throw new Error(`/me: ${me.status}`);
  await caches.delete(LEFT);
}

// A form that goes as without scripts. When nobody answers, what was typed comes back in a page of ours, which lies
// nowhere: shared text in the form it was meant for, a question with its answer, all else to be sent again.
async function sent(request, { pathname }) {
  const copy = request.clone();
  try {
    await tell();
    return await fetch(request);
  } catch {
    const typed = await copy.formData();
    if (pathname === "/entries/new") return filled("incident", /name="note"[^>]*>/, plain(typed.get("note")));
    if (pathname === "/asso") return filled("asso", /id="helper"/, ` data-asked="${plain(typed.get("q"))}"`);
    const fields = [...typed].filter(([name]) => !SECRET.test(name));
    const hidden = fields.map(([name, said]) => `<input type="hidden" name="${plain(name)}" value="${plain(said)}">`);
    return filled("unsent", /data-again>/, hidden.join(""));
  }
}

async function filled(name, place, text) {
  const kept = await caches.match(SHELL.pages[name], { cacheName: CACHE, ignoreVary: true });
  if (!kept) return Response.error();
  const headers = new Headers(kept.headers);
  headers.delete("Content-Encoding"); // it is open by now
  headers.set("Cache-Control", "no-store");
  return new Response((await kept.text()).replace(place, (found) => found + text), { headers });
}

function plain(text) {
  return String(text ?? "").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);
}

// The page that stands in for an address.
function shell({ pathname, searchParams }) {
  const { pages } = SHELL;
  const first = pathname.split("/")[1];
  if (pathname === "/entries/new") {
    const kind = searchParams.get("kind") ?? (searchParams.has("note") ? "incident" : "");
    return FORMS.includes(kind) ? pages[kind] : pages.today;
  }
  if (first === "asso") return pages.asso;
  if (first === "reading") return pathname === "/reading" ? pages.reading : pages.card;
  return pathname === "/help" ? pages.help : pages.today;
}

// Whatever came, one notification is shown: a browser takes the right to push from who stays silent.
function notify(data) {
  let said = {};
  try {
    said = data.json().notification;
  } catch {
    // nothing, or nothing that can be read
  }
  const texts = Object.entries(said ?? {}).filter(([, text]) => text && typeof text === "string");
  const { title, body, lang, tag, navigate } = { ...SHELL.said, ...Object.fromEntries(texts) };
  const icon = `${SHELL.made}/icons/nabij-192.png`;
  return registration.showNotification(title, { body, lang, tag, icon, data: navigate });
}

async function follow(notification) {
  notification.close();
  const asked = notification.data ?? "";
  const address = asked.startsWith(`${location.origin}/`) ? asked : "/today";
  const [open] = await clients.matchAll({ type: "window", includeUncontrolled: true });
  try {
    await (await open.focus()).navigate(address);
  } catch {
    await clients.openWindow(address);
  }
}

async function renew({ newSubscription, oldSubscription }) {
  const fresh = newSubscription ?? (await registration.pushManager.subscribe(oldSubscription.options));
  const { csrf } = await (await fetch("/me")).json();
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  await fetch("/reminders/devices", { method: "POST", headers, body: JSON.stringify(fresh) });
}
