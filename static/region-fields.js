// What was entered about one region is no answer about another: where an answer of the server is morphed into the fields of the chosen
// region, those that it brought stand in them, and not what was entered before.

// What is entered while an answer is under way stays.
let entered = new Set();
const regionOf = () => document.querySelector(".region-editor")?.dataset.region;
let region = regionOf();

document.addEventListener("htmx:before:request", () => {
  entered = new Set();
});

document.addEventListener("input", ({ target }) => {
  if (target.closest(".region-editor")) entered.add(target);
});

document.addEventListener("htmx:after:swap", () => {
  const isSame = regionOf() === region;
  region = regionOf();
  for (const field of document.querySelectorAll(".region-editor :is(input, select, textarea)"))
    if (!isSame || !entered.has(field)) reset(field);
});

function reset(field) {
  if (field.matches("select")) {
    for (const option of field.options) option.selected = option.defaultSelected;
    if (!field.multiple && field.selectedIndex < 0) field.selectedIndex = 0;
  } else if (field.matches("[type=checkbox], [type=radio]")) {
    field.checked = field.defaultChecked;
  } else {
    field.value = field.defaultValue;
  }
}
