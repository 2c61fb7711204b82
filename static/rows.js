// A click anywhere in a table's row opens what the row is about (data-row-link), unless it is on something else or selects text.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr:has([data-row-link])");
  if (!row || event.target.closest("a, button, input, label, summary, [popover]") || String(getSelection())) return;
  row.querySelector("[data-row-link]").click();
});
