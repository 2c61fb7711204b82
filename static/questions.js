// Edits the answers of questions where they stand: their buttons would ask the server for the form again.
const actions = {
  add(editor) {
    const list = editor.querySelector("ol");
    const item = list.lastElementChild?.cloneNode(true);
    // Without any left to copy, the server makes one.
    if (!item) return undefined;
    for (const input of item.querySelectorAll("input")) input.value = "";
    list.append(item);
    return item.querySelector("[type=text]");
  },
  up(_editor, item, button) {
    item.previousElementSibling?.before(item);
    return button;
  },
  down(_editor, item, button) {
    item.nextElementSibling?.after(item);
    return button;
  },
  remove(editor, item) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    if (!next) return undefined;
    item.remove();
    return next.querySelector("[type=text]");
  },
};

/** Names and values of the buttons follow the order. */
function number(editor) {
  for (const [index, item] of [...editor.querySelectorAll("li")].entries()) {
    item.querySelector("[type=text]").setAttribute("aria-label", `Answer ${index + 1}`);
    for (const button of item.querySelectorAll("button")) {
      button.value = button.value.replace(/\d+$/, index);
      button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/\d+/, index + 1));
    }
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-question] button[name=edit]");
  if (!button) return;
  const editor = button.closest("[data-question]");
  const focused = actions[button.value.split(".")[0]](editor, button.closest("li"), button);
  if (!focused) return;
  event.preventDefault();
  number(editor);
  focused.focus();
  editor.dispatchEvent(new Event("input", { bubbles: true }));
});
