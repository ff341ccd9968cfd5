// Cards of what is still on this device. They look like all others: the server drew the one they are cloned from.
import * as box from "./box.js";
import { part } from "./fields.js";
import { known, who } from "./me.js";

const opened = new Date(performance.timeOrigin).toISOString();
const saved = new Map(); // what was sent while this page is open

let shown = [];
let cards = new Map(); // as they stand: one that somebody opened stays so, whenever this is looked at again
let zone;
let looks = 0;

export async function show(beside) {
  const look = ++looks;
  const me = await who();
  const rows = me ? await box.of("outbox", me) : [];
  zone = (await known())?.zone;
  if (look === looks) draw([...saved.values(), ...rows.filter((row) => !saved.has(row.change_id))], beside);
}

// What was just kept stands there at once: nothing is asked for it, and whoever was looking looked too early. What
// waited already comes beside it at the next look.
export function add(row, beside) {
  looks += 1;
  const others = beside ? [] : shown.filter((other) => other.change_id !== row.change_id);
  draw([...others, row], beside);
}

function draw(rows, beside) {
  shown = rows;
  const all = rows.filter(unseen);
  all.sort((one, other) => (one.made_at < other.made_at ? -1 : 1));
  const here = document.getElementById("pending-place");
  // Any page tells of what was just written on it; what waits from before waits on Vandaag.
  const place = here ?? (beside || all.some((row) => row.made_at >= opened) ? made(beside) : null);
  if (!place || !part("card")) return;
  const above = all.some((row) => row.state !== "saved") ? [part("heading").cloneNode(true)] : [];
  if (!all.some((row) => row.state === "waiting")) above[0]?.querySelector("p").remove(); // it goes by itself no more
  const below = beside ? [part("onward").cloneNode(true)] : [];
  const before = cards;
  cards = new Map();
  for (const row of all) {
    const told = JSON.stringify(row);
    cards.set(told, before.get(told) ?? card(row));
  }
  const there = [...place.querySelectorAll(".entry")];
  if (!beside && there.length === cards.size && [...cards.values()].every((one, n) => one === there[n])) return;
  place.replaceChildren(...above, ...cards.values(), ...below);
  place.className = "card";
  place.hidden = all.length === 0;
}

export function settle(row, kept) {
  saved.set(row.change_id, { ...row, state: "saved", kept_as: kept.kept_as });
}

// Its real card may stand on this page already: the server had it, and only its answer was lost.
function unseen({ words }) {
  return words.change.version || !document.getElementById(words.change.uid)?.matches(".entry:not(.entry--pending)");
}

function made(beside) {
  const place = Object.assign(document.createElement("section"), { id: "pending-place" });
  const main = document.querySelector("main"); // and not beside.before(): a form may have a field of that name
  main.insertBefore(place, beside ?? main.firstChild);
  return place;
}

function card({ change_id, state, errors, made_at, kept_as, words }) {
  const { change, title, sort, mark, when } = words;
  const card = part("card").querySelector(".entry").cloneNode(true);
  const find = (name) => card.querySelector(name);
  card.id = change.version ? change_id : change.uid;
  card.classList.add("entry--pending", `entry--${state}`);
  find(".mark").className = `mark mark--${mark}`;
  const drawing = find(".mark use");
  drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, `#${mark}`));
  if (kept_as) Object.assign(find("a"), { href: `/entries/${kept_as}`, textContent: title });
  else find(".entry__title").textContent = title;
  const time = find("time");
  time.dateTime = made_at;
  time.textContent = when ?? clock(change, made_at);
  time.parentElement.replaceChildren(time, ...(sort === title ? [] : [` · ${sort}`]));
  const note = change.note || change.feeling || change.before;
  if (note) find(".entry__note").textContent = note.length > 180 ? `${note.slice(0, 177)}…` : note;
  else find(".entry__note").remove();
  find(".entry__state").replaceChildren(part(state).cloneNode(true));
  if (state === "refused") {
    for (const sentence of Object.values(errors)) {
      const said = part("wrong").cloneNode(true);
      said.append(sentence);
      find(".entry__state").before(said);
    }
    const mend = part("mend").cloneNode(true);
    mend.href = mends({ change_id, errors, words });
    find(".entry__state").append(mend);
    const drop = part("drop").cloneNode(true);
    drop.querySelector("button").dataset.drop = change_id;
    card.append(drop);
  }
  return card;
}

// Where what was refused opens again, with everything that was typed.
export function mends({ change_id, errors, words: { change } }) {
  const form = change.version && !errors.uid ? `/entries/${change.uid}/edit?` : `/entries/new?kind=${change.kind}&`;
  return `${form}mend=${change_id}`;
}

// On the family's clock, as the server would; a time that was typed is on it already.
function clock(change, made_at) {
  const language = document.documentElement.lang;
  if (change.happened_at && (change.when ?? "time") === "time") {
    const day = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
    const timeZone = change.happened_at.endsWith("Z") ? zone : undefined;
    return new Date(change.happened_at).toLocaleString(language, { ...day, timeZone });
  }
  return new Date(made_at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", timeZone: zone });
}
