// Keys of all pages: / for the search, ? for the list of keys. People can switch single keys off on that list.
const isOff = () => localStorage.getItem("shortcuts") === "off";
const isTyping = ({ target }) =>
  target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || isTyping(event)) return;
  const search = event.key === "/" && document.querySelector("[data-key='/']");
  const list = event.key === "?" && document.querySelector("[data-shortcuts]");
  if (!search && !list) return;
  event.preventDefault();
  if (search) search.select();
  else list.click();
});

const choice = document.querySelector("[data-switches-shortcuts]");
if (choice) {
  choice.closest("[hidden]").hidden = false;
  choice.checked = !isOff();
  choice.addEventListener("change", () => localStorage.setItem("shortcuts", choice.checked ? "on" : "off"));
}

function showHints() {
  for (const hint of document.querySelectorAll("[data-key-hint]")) hint.hidden = isOff();
}
showHints();
document.addEventListener("htmx:after:swap", showHints);
