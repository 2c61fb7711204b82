// Orders the items of a Ranker by buttons and by dragging: the numbers follow, in each group from 1.
const itemsOf = (list) => [...list.querySelectorAll(":scope > [data-item]")];
const groupOf = (item) => item.querySelector("select")?.value ?? "";
let dragged;

function number(list) {
  const counts = new Map();
  for (const item of itemsOf(list)) {
    const group = groupOf(item);
    counts.set(group, (counts.get(group) ?? 0) + 1);
    item.querySelector("input").value = counts.get(group);
  }
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Shows the items in the order of their numbers; those without one stay behind the others. */
function sort(list) {
  const rank = (item) => Number(item.querySelector("input").value) || Infinity;
  list.append(...itemsOf(list).sort((one, other) => rank(one) - rank(other) || 0));
}

function move(item, by) {
  const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(item);
  else other.after(item);
  const list = item.parentElement;
  number(list);
  const place = itemsOf(list).indexOf(item) + 1;
  list.parentElement.querySelector("[data-moved]").textContent = `Now ${place} of ${itemsOf(list).length}`;
}

for (const list of document.querySelectorAll("[data-ranker]:not([inert])")) {
  if (!list.querySelector("select")) sort(list);
  for (const item of itemsOf(list)) item.draggable = true;
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-moves]");
    if (!button) return;
    move(button.closest("[data-item]"), Number(button.dataset.moves));
    button.focus();
  });
  list.addEventListener("change", ({ target }) => {
    if (target.matches("select")) number(list);
    else if (!list.querySelector("select")) sort(list);
  });
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-item]");
    if (event.target.matches?.("input, select")) event.preventDefault();
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-item]");
    if (!dragged || dragged.parentElement !== list) return;
    event.preventDefault();
    if (!over || over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged);
    else over.after(dragged);
  });
  list.addEventListener("dragend", () => {
    if (dragged) number(list);
    dragged = undefined;
  });
}
