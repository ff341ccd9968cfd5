// A page that lay on this phone is filled with whose phone it is: the diary, and the children.
import { part } from "./fields.js";
import { known } from "./me.js";

const nobody = "nobody" in document.documentElement.dataset;
export const ready = nobody ? known().then(fit, () => {}) : Promise.resolve();

function fit(me) {
  if (!me) return;
  for (const one of document.querySelectorAll("[data-known]")) one.hidden = false;
  for (const field of document.querySelectorAll("[name=diary]")) field.value ||= me.family;
  for (const field of document.querySelectorAll("input[type=hidden][name=child]")) {
    if (me.kids.length === 1) field.value = me.kids[0].uid;
    if (me.kids.length > 1) field.replaceWith(chips(me.kids));
  }
}

// As the server draws them where it knows who asks.
function chips(kids) {
  const field = part("kids").cloneNode(true);
  const chip = field.querySelector(".chip");
  chip.replaceWith(
    ...kids.map((kid, n) => {
      const one = chip.cloneNode(true);
      one.querySelector("input").value = kid.uid;
      one.querySelector("input").checked = n === 0; // as online: one is chosen, and can be changed
      one.querySelector("span").textContent = kid.name;
      return one;
    }),
  );
  return field;
}
