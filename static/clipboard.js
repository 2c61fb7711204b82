// A Copy button for a read-only field or a text: data-copies holds the element's id.
async function copy(element) {
  if (element.select) element.select();
  else getSelection().selectAllChildren(element);
  // Browsers offer the Clipboard API only on https and localhost.
  try {
    await navigator.clipboard.writeText(element.value ?? element.textContent);
  } catch {
    document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await copy(document.getElementById(button.dataset.copies));
  button.focus();
  button.dataset.words ??= button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = button.dataset.words), 2000);
});

function showButtons() {
  for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;
}
showButtons();
document.addEventListener("htmx:after:swap", showButtons);
