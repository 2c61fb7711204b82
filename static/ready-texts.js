// The ready-made texts of a question: a button writes its text where the cursor was.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-inserts]");
  if (!button) return;
  const fields = [...button.closest("[data-control]").querySelectorAll("textarea")];
  const field = fields.find((each) => each === lastField) ?? fields.at(-1);
  field.setRangeText(button.dataset.inserts, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

let lastField;
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("textarea")) lastField = target;
});
