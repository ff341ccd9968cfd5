// The ASSO helper and the reading cards without a connection: found in the library that this device keeps, drawn with
// the templates of this page. What is typed leaves neither the device nor a trace on it: no address holds it.
import { Recogniser } from "./recognise.js";

const GUESSES = 3;
const IDEAS = 7;

const place = document.getElementById("helper");
const people = document.querySelector("main .choice--help");
const asked = fetch(place.dataset.library).then((answer) => answer.json());
const typed = []; // gone with this page
let library, recogniser;

addEventListener("popstate", show);
place.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.metaKey || event.ctrlKey || !/^\/(asso|reading)(\/|$)/.test(link.pathname)) return;
  event.preventDefault();
  go(link.href);
});
place.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = event.target.elements.q.value.trim();
  if (text) typed.push(text);
  go("/asso", text ? { typed: typed.length - 1 } : null);
});
// Learning takes a moment, and whoever taps does not need it. The keyboard that comes up hides it.
place.addEventListener("focusin", (event) => event.target.type === "search" && setTimeout(learnt));
begin();

async function begin() {
  try {
    library = await asked;
    const { asked: text } = place.dataset; // typed on a page of the server, when it did not answer any more
    if (text) history.replaceState({ typed: typed.push(text) - 1 }, "");
    show();
  } catch {
    draw("draw-away");
  }
}

function go(address, state = null) {
  history.pushState(state, "", address);
  show();
  scrollTo(0, 0);
  document.getElementById("page").focus({ preventScroll: true });
}

function show() {
  const [room, id] = location.pathname.startsWith("/offline/")
    ? [place.dataset.page]
    : location.pathname.slice(1).split("/");
  const asks = new URLSearchParams(location.search);
  if (room !== "asso") read(id);
  else if (id === "shoes") look();
  else answer(typed[history.state?.typed], asks.get("situation"), id);
}

function answer(text, situation, id) {
  const chosen = library.suggestions.find((one) => one.id === id);
  const known = situation in areas() ? situation : chosen?.situation;
  const guesses = text ? alarmed(text, learnt().guesses(text)).slice(0, GUESSES) : [];
  const offers = text ? mixed(guesses.map((guess) => ideas(guess.situation, text, guess))) : ideas(known);
  const at = offers.findIndex((offer) => offer.it === chosen);
  if (at > 0) offers.unshift(...offers.splice(at, 1));
  const alarming = ({ situation, score }) => library.grave.includes(situation) && score >= library.likely; // people before tips
  const grave = library.grave.includes(known) || guesses.some(alarming);

  if (offers.length) draw("draw-answer", said(offers, text, grave));
  else draw("draw-start", { lost: text, fresh: !text });
  place.querySelector("[type=search]").value = text ?? "";
  if (text && !offers.length) for (const fold of place.querySelectorAll(".area-fold")) fold.open = true;
}

function said([{ it, situation, words }, ...others], text, grave) {
  const more = others.slice(0, IDEAS - 1).map((offer) => row(offer, text ? "" : situation));
  const about = named(situation);
  return { ...it, ...it.steps, about, text, words: words.join(", "), more: more.length && more, people: grave && people };
}

function row({ it, situation }, among) {
  const other = situation !== among && named(situation);
  return drawn(`draw-${areas()[it.situation]}`, { title: it.title, other }, `/asso/${it.id}?situation=${situation}`);
}

// Best first. What only a counsellor opens is not in this library.
function ideas(situation, text, guess) {
  const found = library.suggestions.filter((it) => it.situation === situation || it.also.includes(situation));
  const near = (it) => (text ? 2 * learnt().nearness(text, it) + 0.2 * it.says.includes(text.toLowerCase()) : 0);
  return found
    .map((it) => ({
      it,
      situation,
      words: guess?.words ?? [],
      score: near(it) - (it.situation === situation ? 0 : 0.5) + (it.moment === "during" ? 0.4 : 0),
    }))
    .sort((one, other) => other.score - one.score || (one.it.id < other.it.id ? -1 : 1));
}

// The best of each situation, then the second of each: a wrong guess costs one place.
function mixed(rows) {
  const found = new Map(); // each once, as the server mixes them
  for (let n = Math.max(0, ...rows.map((row) => row.length)); n > 0; n -= 1) {
    for (const row of rows) {
      const offer = row.find(({ it }) => !found.has(it.id));
      if (offer) found.set(offer.it.id, offer);
    }
  }
  return [...found.values()];
}

// Some words go before all reckoning, as on the server.
function alarmed(text, guesses) {
  const bare = text.normalize("NFKD").toLowerCase().replace(/['’`´\u0300-\u036f]/g, "");
  const said = ` ${bare.replace(/[^a-z0-9]+/g, " ").trim()} `;
  for (const [situation, alarms] of Object.entries(library.alarms)) {
    const heard = alarms.find((alarm) => said.includes(` ${alarm} `));
    if (heard) return [{ situation, score: 1, words: [heard] }, ...guesses.filter((one) => one.situation !== situation)];
  }
  return guesses;
}

function learnt() {
  return (recogniser ??= new Recogniser(library));
}

function areas() {
  const groups = Object.entries(library.situations);
  return Object.fromEntries(groups.flatMap(([area, group]) => Object.keys(group).map((id) => [id, area])));
}

function named(situation) {
  return library.situations[areas()[situation]][situation].toLowerCase();
}

// For when nothing helps: another question each time.
let question = Math.floor(Date.now() / 864e5);
function look() {
  draw("draw-shoes", { question: library.shoes[question++ % library.shoes.length] });
}

function read(id) {
  const card = library.cards.find((one) => one.id === id);
  const rows = library.cards.map(({ id, title }) => drawn("draw-card-row", { title }, `/reading/${id}`));
  if (!card) draw("draw-reading", { cards: rows });
  else draw("draw-card", { ...card, parts: card.parts.map(part), circle: card.id === "circle" }, card.title);
}

function part(text) {
  const made = document.createElement(Array.isArray(text) ? "ul" : "p");
  if (!Array.isArray(text)) made.textContent = text;
  else made.append(...text.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  return made;
}

function draw(name, told = {}, title = document.getElementById(name).dataset.title) {
  people?.remove();
  place.replaceChildren(drawn(name, told));
  if (!people?.isConnected) place.after(people ?? "");
  document.querySelector("h1").textContent = title;
  document.title = `${title} · Nabij`;
}

// A copy of a template: each slot gives way to its text, or to what is drawn already.
function drawn(name, told, address) {
  const copy = document.getElementById(name).content.cloneNode(true);
  for (const part of copy.querySelectorAll("[data-if]")) if (!told[part.dataset.if]) part.remove();
  for (const slot of copy.querySelectorAll("slot")) slot.replaceWith(...[told[slot.name] || []].flat());
  if (address) copy.querySelector("a").href = address;
  return copy;
}
