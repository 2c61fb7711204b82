// The label page by keyboard: hotkeys of the label config or 1 to 9 choose options, Ctrl+Enter submits, S skips, Z goes back to
// the last answer. Errors go when they are answered.
const form = document.querySelector("[data-labels]");
// The switch on the list of keys, as in shortcuts.js.
const isOff = () => localStorage.getItem("shortcuts") === "off";

const visibleOptions = () =>
  [...form.querySelectorAll("[data-option]")].filter((option) => !option.closest("[hidden], details:not([open])"));

/** The key of each option; none where it equals the label. */
function showKeys() {
  for (const key of form.querySelectorAll("label > kbd")) key.textContent = "";
  if (isOff()) return;
  for (const [index, option] of visibleOptions().slice(0, 9).entries()) {
    const label = option.closest("label");
    const key = option.dataset.hotkey ?? String(index + 1);
    if (label.querySelector("span").firstChild.textContent.trim() !== key) label.querySelector("kbd").textContent = key;
  }
}

function choose(option) {
  option.focus();
  if (option.type === "radio" && option.checked) {
    option.checked = false;
    option.dispatchEvent(new Event("change", { bubbles: true }));
  } else option.click();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("[data-submits]")?.click();
  const isTyping = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const isElsewhere = event.target.closest("[popover], .menu[open]");
  if (isTyping || isElsewhere || isOff() || event.ctrlKey || event.metaKey || event.altKey) return;
  const options = visibleOptions();
  const numbered = /^[1-9]$/.test(event.key) ? options[event.key - 1] : undefined;
  const chosen = options.find(({ dataset }) => dataset.hotkey === event.key) ?? numbered;
  if (chosen) choose(chosen);
  else if (event.key === "s") form.querySelector("[data-skips]")?.click();
  else if (event.key === "z") document.querySelector("[data-undoes]")?.click();
  else return;
  event.preventDefault();
});

/** Takes the error of an answered question away, and counts it down in the line above the buttons. */
function clearError({ target }) {
  const question = target.closest("[data-control]");
  const error = question?.querySelector(":scope > .error");
  if (!error) return;
  error.remove();
  for (const field of [question, ...question.querySelectorAll("[aria-invalid]")]) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  const line = form.querySelector(".label-error");
  const left = form.querySelectorAll("[data-control] > .error").length;
  line.hidden = left === 0;
  line.querySelector("span").textContent = left === 1 ? line.dataset.one : line.dataset.many.replace("#", left);
}

form.addEventListener("input", clearError);
form.addEventListener("change", clearError);
form.addEventListener("change", showKeys);
// Panels; the event doesn't bubble.
form.addEventListener("toggle", showKeys, true);
document.addEventListener("htmx:after:swap", showKeys);
document.querySelector("[data-switches-shortcuts]").addEventListener("change", showKeys);
document.querySelector("main [data-shortcuts]").hidden = false;
showKeys();
