// Which situation a parent means, guessed from what they typed: on this device alone, learnt from the library.
// The same idea as diary/asso/recognise.py, with less: naive Bayes over words, pairs of words and runs of letters,
// every situation equally loud. Chosen by tests/bench/phrases/tuning.tsv.
const PLACES = 1 << 16; // for pieces of language; two that share a place seldom matter
const A_WORD = 1 << 17; // marks a piece that is a word
const WORD = 2.2; // what a word says beside a run of letters or a pair
const RARITY = 1.3, SHORTNESS = 0.7; // a rare piece counts more, and so does a word of a short line
const ALSO = 0.2; // what a line says for the other situations of its suggestion
const DOUBT = 5, COMMON = 0.3; // how much must be heard before it counts; how much of that by what is heard everywhere
const MOST = 133; // what one word may say: a phrase is more than its rarest word
const KNOWN = 0.56, CLEAR = 40; // below this we do not know: of the letters, and of the best above the usual
const SAFETY = 0.35; // of the best: then a Limit goes before a Routine
const SHARP = 0.18, LONG = 0.7; // from evidence to chances
const SPOKE = 0.1; // of the evidence for a situation: then a word is named

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

export class Recogniser {
  #concepts = new Map(); // by word, what it means: a number, or two for a compound
  #said = new Map(); // by word, how often
  #total = 0;

  constructor({ situations, says, suggestions, words, stray }) {
    const areas = Object.entries(situations);
    this.area = Object.fromEntries(areas.flatMap(([area, group]) => Object.keys(group).map((id) => [id, area])));
    this.situations = Object.keys(this.area);
    this.many = this.situations.length + 1; // the last is: none of these
    this.masses = new Float32Array(PLACES * this.many); // a row for each place
    this.heard = new Float32Array(PLACES);
    for (const group of words) {
      const told = plain(group.join(" "));
      const concept = [numbered(stem(told[0]))];
      for (const word of told) if (!this.#concepts.has(word)) this.#concepts.set(word, concept);
    }
    const said = lines(says, suggestions, stray);
    this.#listen(said);
    this.known = new Set([...this.#concepts.values()].flat());
    this.#balance();
    this.#tell(suggestions, said);
  }

  // The likeliest first, with what was typed that speaks for it; nothing at all when we do not know.
  guesses(text) {
    const typed = spoken(text);
    const told = typed.map((word) => plain(word).join(""));
    const meanings = told.map((word) => this.#meaning(word));
    const letters = told.map((word) => Math.min(word.length, 8));
    const known = sum(letters.filter((_, at) => meanings[at].known));
    if (!known || known < KNOWN * sum(letters)) return [];
    const rows = this.#evidence(told, meanings);
    const totals = Array.from({ length: this.many }, (_, one) => sum(rows.map((row) => row[one])));
    const nothing = totals.pop();
    const usual = sum(totals) / totals.length;
    if (Math.max(...totals) < Math.max(nothing, usual + CLEAR)) return [];
    this.#safetyFirst(totals, usual);
    const best = Math.max(...totals);
    const grown = totals.map((one) => Math.exp(((one - best) * SHARP) / told.length ** LONG));
    return [...totals.keys()]
      .sort((one, other) => totals[other] - totals[one])
      .map((one) => ({
        situation: this.situations[one],
        score: grown[one] / sum(grown),
        words: speaking(typed, rows, one),
      }));
  }

  // From 0, nothing in common, to 1: a parent names this suggestion with every word of the text.
  nearness(text, suggestion) {
    const told = this.told.get(suggestion);
    const asked = new Set(plain(text).flatMap((word) => this.#meaning(word).concepts));
    const rarity = (concept) => {
      const times = this.times.get(concept) ?? 0;
      return times > 0.2 * this.told.size ? 0 : Math.log((this.told.size + 1) / (times + 1));
    };
    const shared = [...asked].filter((concept) => told.has(concept));
    return sum(shared.map(rarity)) / (sum([...asked].map(rarity)) || 1);
  }

  #listen(said) {
    for (const [line, known] of said) {
      const told = plain(line);
      const share = told.length ** -SHORTNESS;
      this.#total += sum(known.louds) * share;
      known.concepts = told.map((word) => this.#met(word));
      const ids = known.whose.map((id) => (this.situations.indexOf(id) + this.many) % this.many);
      add(pieces(told, known.concepts), ids, known.louds.map((loud) => loud * share), this);
    }
  }

  #met(word) {
    this.#said.set(word, (this.#said.get(word) ?? 0) + 1);
    const known = this.#concepts.get(word);
    if (known) return known;
    const concept = [numbered(stem(word))];
    this.#concepts.set(word, concept);
    return concept;
  }

  // What makes a situation with many lines no louder than one with few.
  #balance() {
    const loud = new Float64Array(this.many).fill(1e-9);
    let heard = 0;
    for (let place = 0; place < PLACES; place++) {
      const value = this.#value(place);
      if (!value) continue;
      heard++;
      for (let one = 0; one < this.many; one++) loud[one] += value * this.masses[place * this.many + one];
    }
    const alike = sum(loud) / this.many;
    this.quiet = loud.map((one) => alike / one);
    this.usual = ((1 - COMMON) * alike) / heard;
  }

  #tell(suggestions, said) {
    this.told = new Map();
    this.times = new Map();
    for (const one of suggestions) {
      const concepts = new Set([one.title, ...one.says].flatMap((line) => said.get(line).concepts.flat()));
      this.told.set(one, concepts);
      for (const concept of concepts) this.times.set(concept, (this.times.get(concept) ?? 0) + 1);
    }
  }

  #value(place) {
    return this.heard[place] && Math.log((this.#total + 1) / (this.heard[place] + 1)) ** RARITY;
  }

  // A row for each word: what it adds for each situation.
  #evidence(told, meanings) {
    const rows = told.map(() => new Float64Array(this.many));
    for (const piece of pieces(told, meanings.map(({ concepts }) => concepts))) {
      const [at, place] = [piece >> 18, piece & (PLACES - 1)];
      const value = this.#value(place);
      if (!value) continue;
      const masses = this.quiet.map((quiet, one) => quiet * value * this.masses[place * this.many + one]);
      const doubt = DOUBT * (this.usual + (COMMON * sum(masses)) / this.many);
      const sure = piece & A_WORD ? WORD * meanings[at].weight : 1;
      masses.forEach((mass, one) => (rows[at][one] += sure * value * Math.log1p(mass / doubt)));
    }
    return rows.map((row) => {
      const high = Math.max(...row) - sum(row) / this.many;
      return high > MOST ? row.map((one) => (one * MOST) / high) : row;
    });
  }

  // Hitting with a toothbrush is hitting.
  #safetyFirst(totals, usual) {
    const ids = [...totals.keys()].sort((one, other) => totals[other] - totals[one]);
    const areas = ids.map((id) => this.area[this.situations[id]]);
    const limit = ids[areas.indexOf("limit")];
    const best = totals[ids[0]];
    const grave = totals[limit] - usual >= Math.max(CLEAR, SAFETY * (best - usual));
    if (areas[0] === "routine" && grave) totals[limit] = best + 1;
  }

  #meaning(word) {
    const root = stem(word);
    const known = (concepts, weight) => ({ concepts, weight, known: true });
    if (this.#concepts.has(word)) return known(this.#concepts.get(word), 1);
    if (this.known.has(numbered(root))) return known(this.#concepts.get(root) ?? [numbered(root)], 0.9);
    const other = this.#halves(word) ?? this.#nearest(word);
    return other ? known(other, 0.7) : { concepts: [numbered(root)], weight: 1, known: false };
  }

  // Bedtijdruzie is bedtijd and ruzie; an s between them belongs to neither.
  #halves(word) {
    for (let at = 4; at < word.length - 3; at++) {
      const [first, last] = [word.slice(0, at), this.#concepts.get(word.slice(at))];
      const root = numbered(stem(first));
      const half = this.#concepts.get(first) ?? this.#concepts.get(first.replace(/s$/, ""));
      if (last && (half || this.known.has(root))) return [...(half ?? [root]), ...last];
    }
  }

  // The word heard most that differs by one slip; short words are too much like each other.
  #nearest(word) {
    if (word.length < 5) return;
    const times = (one) => this.#said.get(one) ?? 0;
    const near = slips(word).filter((one) => this.#concepts.has(one));
    return near.length && this.#concepts.get(near.reduce((one, other) => (times(other) > times(one) ? other : one)));
  }
}

// Each line once, and for which situations it was said how loud. For none of them when it has no name.
function lines(says, suggestions, stray) {
  const found = new Map();
  const say = (situation, texts, loud = 1) => {
    for (const text of texts) {
      const known = found.get(text);
      if (!known) found.set(text, { whose: [situation], louds: [loud] });
      else if (!known.whose.includes(situation)) {
        known.whose.push(situation);
        known.louds.push(loud);
      }
    }
  };
  for (const [situation, texts] of Object.entries(says)) say(situation, texts);
  for (const one of suggestions) say(one.situation, [one.title, ...one.says]);
  for (const one of suggestions) for (const situation of one.also) say(situation, one.says, ALSO);
  say("", stray);
  return found;
}

function spoken(text) {
  return text.slice(0, 400).split(/[^\p{L}\p{N}\p{M}'’`´]+/u).filter((typed) => plain(typed).length);
}

// Words of only letters a to z and digits: Zo’n Één keer? becomes zon een keer.
function plain(text) {
  const bare = text.slice(0, 400).normalize("NFKD").toLowerCase().replace(/['’`´\u0300-\u036f]/g, "");
  return bare.match(/[a-z0-9]{1,30}/g) ?? [];
}

function stem(word) {
  return word
    .replace(/(?:heid|ende|ing|en|er|de|te|[etsd])$/, (end, at) => (at > 2 ? "" : end))
    .replace(/(.)\1/g, "$1")
    .replace(/v$/, "f")
    .replace(/z$/, "s");
}

function slips(word) {
  const found = [];
  for (let at = 0; at <= word.length; at++) {
    const [first, last] = [word.slice(0, at), word.slice(at)];
    found.push(first + last.slice(1), first + last.slice(1, 2) + last.slice(0, 1) + last.slice(2));
    for (const letter of "abcdefghijklmnopqrstuvwxyz") found.push(first + letter + last, first + letter + last.slice(1));
  }
  return found;
}

function add(found, ids, shares, { masses, heard, many }) {
  for (const piece of found) {
    const place = piece & (PLACES - 1);
    for (let m = 0; m < ids.length; m++) {
      heard[place] += shares[m];
      masses[place * many + ids[m]] += shares[m];
    }
  }
}

// Words by what they mean, each with the one before it, and all runs of four letters, over the edges too.
// A piece is a number: its place, whether it is a word, and at which word of the line it stands.
const room = new Int32Array(4096); // the same for each line: making it anew takes longer than filling it
function pieces(told, concepts) {
  let many = 0;
  let before = 0;
  for (let at = 0; at < told.length; at++) {
    for (const concept of concepts[at]) {
      room[many++] = (at << 18) | A_WORD | placed(concept);
      if (at) room[many++] = (at << 18) | placed(Math.imul(before, 31) ^ concept);
      before = concept;
    }
  }
  const line = ` ${told.join(" ")} `;
  let run = 0;
  for (let n = 0, at = -1; n < line.length; n++) {
    run = (run << 8) | line.charCodeAt(n);
    if (n < 3) continue;
    if (run >>> 24 === 32) at++; // it begins with the space before a word
    room[many++] = (at << 18) | placed(run);
  }
  return room.subarray(0, many);
}

function numbered(text) {
  let found = 7;
  for (let at = 0; at < text.length; at++) found = Math.imul(found ^ text.charCodeAt(at), 0x01000193);
  return found >>> 2; // small enough to need no box of its own
}

function placed(number) {
  const mixed = Math.imul(number ^ (number >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) & (PLACES - 1);
}

// The words that say more for this situation than for the usual one.
function speaking(typed, rows, situation) {
  const more = rows.map((row) => row[situation] - sum(row) / row.length);
  const least = SPOKE * sum(more.filter((one) => one > 0));
  const spoke = [...typed.keys()].filter((at) => more[at] > least).sort((one, other) => more[other] - more[one]);
  return [...new Set(spoke.map((at) => typed[at]))];
}
