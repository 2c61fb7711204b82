// Closes menus and confirmation panels, which are <details>, on Escape, on a click outside, and on Cancel.
const closable = "details.menu, details.confirm";

function close(details, { focus }) {
  details.open = false;
  if (focus) details.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const details = event.target.closest(closable);
  if (details?.open) close(details, { focus: true });
});

document.addEventListener("click", (event) => {
  const cancel = event.target.closest("[data-closes]");
  if (cancel) close(cancel.closest("details"), { focus: true });
  for (const details of document.querySelectorAll("details.menu[open]")) {
    if (!details.contains(event.target)) close(details, { focus: false });
  }
});

function showButtons(root) {
  for (const button of root.querySelectorAll("[data-closes]")) button.hidden = false;
}
showButtons(document);
document.addEventListener("htmx:after:swap", () => showButtons(document));
