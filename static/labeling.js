// Keyboard shortcuts of the label page: hotkeys of the label config or 1 to 9 choose options, Ctrl+Enter submits.
const form = document.querySelector("[data-labels]");

const visibleOptions = () =>
  [...form.querySelectorAll("[data-option]")].filter((option) => !option.closest("[hidden]"));

function showHotkeys() {
  for (const key of form.querySelectorAll("kbd")) if (!key.closest("dl")) key.hidden = true;
  for (const [index, option] of visibleOptions().slice(0, 9).entries()) {
    const key = option.closest("label").querySelector("kbd");
    key.textContent = option.dataset.hotkey ?? index + 1;
    key.hidden = false;
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
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const options = visibleOptions();
  const numbered = /^[1-9]$/.test(event.key) ? options[event.key - 1] : undefined;
  const chosen = options.find(({ dataset }) => dataset.hotkey === event.key) ?? numbered;
  if (chosen) choose(chosen);
});

form.querySelector("[data-keys]").hidden = false;
form.addEventListener("change", showHotkeys);
showHotkeys();
