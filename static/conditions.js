// Questions that only apply after certain answers: data-when holds a setup's visibleWhen, whenTagName, whenChoiceValue.
const form = document.querySelector("[data-labels]");
const conditional = [...(form?.querySelectorAll("[data-when]") ?? [])];

function isSelected({ whenTagName, whenChoiceValue }, asked) {
  const wanted = whenChoiceValue && [whenChoiceValue, ...whenChoiceValue.split(",")];
  return [...form.querySelectorAll("input:checked, option:checked")].some((option) => {
    const control = option.closest("[data-control]");
    if (!option.dataset.values || control === asked || control.closest("[data-when][hidden]")) return false;
    if (whenTagName && control.dataset.control !== whenTagName) return false;
    return !wanted || JSON.parse(option.dataset.values).some((value) => wanted.includes(value));
  });
}

function update() {
  // What is shown can wait for what is shown: as often as there are conditions, everything has settled.
  for (const _ of conditional) {
    for (const part of conditional) {
      const condition = JSON.parse(part.dataset.when);
      part.hidden = isSelected(condition, part) !== (condition.visibleWhen === "choice-selected");
    }
  }
}

for (const hint of form?.querySelectorAll("[data-without-script]") ?? []) hint.hidden = true;
form?.addEventListener("change", update);
update();
