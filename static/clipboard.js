// A Copy button for a read-only field: data-copies holds the field's id.
async function copy(field) {
  field.select();
  // Browsers offer the Clipboard API only on https and localhost.
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await copy(document.getElementById(button.dataset.copies));
  button.focus();
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
});

function showButtons() {
  for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;
}
showButtons();
document.addEventListener("htmx:after:swap", showButtons);
