// Boxes that choose rows of a table: one that chooses all of them (data-chooses-all), and how many are chosen (data-chosen).
const boxesOf = (form) => [...form.elements].filter(({ name, type }) => name === "ids" && type === "checkbox");

function show(form) {
  const boxes = boxesOf(form);
  const count = boxes.filter(({ checked }) => checked).length;
  for (const all of document.querySelectorAll(`[data-chooses-all="${form.id}"]`)) {
    all.hidden = false;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  for (const words of form.querySelectorAll("[data-chosen]"))
    words.textContent = `${count} ${count === 1 ? words.dataset.chosen : `${words.dataset.chosen}s`}`;
}

document.addEventListener("change", ({ target }) => {
  const form = document.getElementById(target.dataset?.choosesAll) ?? target.form;
  if (!form?.matches("[data-selection]")) return;
  if (target.dataset.choosesAll) for (const box of boxesOf(form)) box.checked = target.checked;
  show(form);
});

const showAll = () => document.querySelectorAll("[data-selection]").forEach(show);
showAll();
document.addEventListener("htmx:after:swap", showAll);
window.addEventListener("pageshow", showAll);
