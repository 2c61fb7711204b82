// Shows and hides questions that depend on answers: data-when holds visibleWhen, whenTagName and whenChoiceValue of the
// label config.
const form = document.querySelector("[data-labels]");
const conditional = [...(form?.querySelectorAll("[data-when]") ?? [])];

function isSelected({ whenTagName, whenChoiceValue }, question) {
  const values = whenChoiceValue && [whenChoiceValue, ...whenChoiceValue.split(",")];
  return [...form.querySelectorAll("input:checked, option:checked")].some((option) => {
    const control = option.closest("[data-control]");
    if (!option.dataset.values || control === question || control.closest("[data-when][hidden]")) return false;
    if (whenTagName && control.dataset.control !== whenTagName) return false;
    return !values || JSON.parse(option.dataset.values).some((value) => values.includes(value));
  });
}

function update() {
  // A condition can depend on a question that is itself conditional; one pass for each settles a chain of any order.
  for (const _ of conditional) {
    for (const part of conditional) {
      const condition = JSON.parse(part.dataset.when);
      part.hidden = isSelected(condition, part) !== (condition.visibleWhen === "choice-selected");
    }
  }
}

form?.addEventListener("change", update);
update();
// From here on `hidden` says it.
for (const part of conditional) part.removeAttribute("data-waits");
