// A page that lay on this phone knows no number, no time and no question. What the server would have filled in,
// is filled in here.
if ("nobody" in document.documentElement.dataset) {
  const now = new Date();
  for (const field of document.querySelectorAll("[name=uid]")) field.value ||= crypto.randomUUID();
  for (const field of document.querySelectorAll("[name=opened_at]")) field.value ||= now.toISOString();

  // Only the parts of the day that lie behind us can be chosen.
  for (const [part, hour] of Object.entries({ morning: 8, afternoon: 15, evening: 20 })) {
    if (now.getHours() >= hour) continue;
    for (const chip of document.querySelectorAll(`[name=when][value=${part}]`)) chip.closest("label").remove();
  }

  // What a notification asks for is about the day that its address carries.
  const asked = new URLSearchParams(location.search);
  const day = asked.get("day") ?? location.pathname.match(/^\/reminders\/([\d-]{10})$/)?.[1];
  if (day < now.toLocaleDateString("sv")) {
    for (const link of document.querySelectorAll("main a[href$=checkin]")) link.search += `&day=${day}`;
    for (const fold of document.querySelectorAll(".form .fold")) fold.open = true;
    asked.set("when", "time");
    asked.set("happened_at", `${day}T20:00`);
  }

  for (const [name, value] of asked) {
    if (!["area", "what", "note", "when", "happened_at"].includes(name)) continue;
    for (const field of document.querySelectorAll(`.form [name=${name}]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value ||= value;
    }
  }
}
