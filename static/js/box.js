// What waits on this device, sealed. The key lies in the browser and cannot be read out, not by us either.
const STORES = { keys: "name", me: "name", outbox: "change_id", drafts: "form" };
let opening = null;
let left = false; // signed out: from here on this page keeps nothing any more

export function open() {
  opening ??= new Promise((resolve, reject) => {
    if (left) throw new Error("signed out");
    const asked = indexedDB.open("nabij", 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
    };
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
  });
  return opening;
}

// `words` are sealed, the rest of the row is not. A draft that became an entry goes in the same transaction.
export async function put(store, row, words, draft) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(words));
  const sealed = { iv, data: await crypto.subtle.encrypt(lock(store, row, iv), await key(), plain) };
  await work(draft ? [store, "drafts"] : [store], "readwrite", (change) => {
    change.objectStore(store).put({ ...row, sealed });
    if (draft) change.objectStore("drafts").delete(draft);
  });
}

export async function get(store, id) {
  const row = await work([store], "readonly", (change) => change.objectStore(store).get(id));
  return row && opened(store, row);
}

export function all(store) {
  return work([store], "readonly", (change) => change.objectStore(store).getAll());
}

// What belongs to these two, opened; what was sealed with a key that is gone stays closed.
export async function of(store, { account, family }) {
  const rows = (await all(store)).filter((row) => row.account === account && row.family === family);
  return (await Promise.all(rows.map((row) => opened(store, row)))).filter(Boolean);
}

export function remove(store, id) {
  return work([store], "readwrite", (change) => change.objectStore(store).delete(id));
}

export async function wipe() {
  const stores = Object.keys(STORES);
  await work(stores, "readwrite", (change) => stores.forEach((name) => change.objectStore(name).clear())).catch(() => {});
  tabs?.postMessage("left");
  leave();
  globalThis.indexedDB?.deleteDatabase("nabij");
  // What the worker keeps is nobody's, and holds the numbers to call.
  for (const kept of ["localStorage", "sessionStorage"]) {
    try {
      globalThis[kept].clear();
    } catch {
      // a browser that keeps nothing says so
    }
  }
}

// Of one account, whose session was ended from another device; what another has waiting here stays.
export async function forget(account) {
  await work(["me", "outbox", "drafts"], "readwrite", (change) => {
    for (const name of change.objectStoreNames) {
      change.objectStore(name).openCursor().onsuccess = ({ target: { result: row } }) => {
        if (row?.value.account === account) row.delete();
        row?.continue();
      };
    }
  });
  tabs?.postMessage(account);
  if (mine(account)) leave();
}

const tabs = globalThis.BroadcastChannel && new BroadcastChannel("nabij");
if (tabs) tabs.onmessage = ({ data }) => (data === "left" || mine(data)) && leave();

function mine(account) {
  return document.querySelector("meta[name=account]")?.content === account;
}

function leave() {
  left = true;
  opening?.then((db) => db.close(), () => {});
  opening = null;
}

// Ends when all of it is on the disk. A connection that got lost is opened anew, once.
async function work(stores, mode, ask) {
  for (let again = true; ; again = false) {
    try {
      const db = await open();
      return await new Promise((resolve, reject) => {
        const change = db.transaction(stores, mode, { durability: "strict" });
        const asked = ask(change);
        change.oncomplete = () => resolve(asked?.result);
        change.onabort = () => reject(change.error);
      });
    } catch (error) {
      opening?.then((db) => db.close(), () => {});
      opening = null;
      if (!again) throw error;
    }
  }
}

// Another tab may make one at the same time: the first that stands is the key.
async function key() {
  const kept = await work(["keys"], "readonly", (change) => change.objectStore("keys").get("box"));
  if (kept) return kept.key;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const first = await work(["keys"], "readwrite", (change) => {
    const keys = change.objectStore("keys");
    const asked = keys.get("box");
    asked.onsuccess = () => asked.result ?? keys.put({ name: "box", key: fresh });
    return asked;
  });
  return first?.key ?? fresh;
}

async function opened(store, { sealed, ...row }) {
  try {
    const plain = await crypto.subtle.decrypt(lock(store, row, sealed.iv), await key(), sealed.data);
    return { ...row, words: JSON.parse(new TextDecoder().decode(plain)) };
  } catch {
    return null;
  }
}

// Sealed words open only in the row they were sealed for.
function lock(store, row, iv) {
  const place = [store, row[STORES[store]], row.account, row.family].join(" ");
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
}
