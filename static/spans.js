// Marks spans of texts with the mouse, a finger or the keyboard: what is selected is sent to the server, which draws the text anew.
// Words stay buttons, for keyboards and clicks.
import { sendRegions } from "./regions.js";

const form = document.querySelector("[data-labels]");

// What is selected but not marked yet, since it has no label, or may still grow.
let held;
// The next selection moves the chosen region.
let isReselecting = false;
let isPressed = false;
let pressedAt = 0;
// The end of the chosen region that is dragged; `sent` until the answer is there.
let drag;

const textOf = (node) => (node instanceof Element ? node : node?.parentElement)?.closest("[data-spans]");
const sendTo = (text, action) =>
  void sendRegions(form, text.dataset.address, { [text.dataset.sends]: action }, { still: true });

// Units of UTF-16 from the start of a part of a text; the labels of regions are none of it.
function unitsUpTo(part, node, offset) {
  const range = new Range();
  range.setStart(part, 0);
  range.setEnd(node, offset);
  const content = range.cloneContents();
  for (const label of content.querySelectorAll(".span-label")) label.remove();
  return content.textContent.length;
}

// Where a place of the document is: of which passage, and how many units are before it.
function placeIn(part, node, offset) {
  const { passage, start } = part.dataset;
  return { passage, unit: Number(start) + unitsUpTo(part, node, offset) };
}

// What is selected, within one passage; undefined for nothing, white space alone, and what is elsewhere.
function selected() {
  const selection = getSelection();
  const text = textOf(selection.anchorNode);
  if (selection.isCollapsed || !text) return undefined;
  const range = selection.getRangeAt(0);
  const touched = [...text.querySelectorAll("[data-passage]")].filter((part) => range.intersectsNode(part));
  const { passage } = (touched.find((part) => part.contains(selection.anchorNode)) ?? touched[0])?.dataset ?? {};
  const parts = touched.filter((part) => part.dataset.passage === passage);
  const [first, last] = [parts[0], parts.at(-1)];
  if (!first) return undefined;
  const start = first.contains(range.startContainer)
    ? placeIn(first, range.startContainer, range.startOffset).unit
    : Number(first.dataset.start);
  const end = last.contains(range.endContainer)
    ? placeIn(last, range.endContainer, range.endOffset).unit
    : placeIn(last, last, last.childNodes.length).unit;
  const words = selection.toString();
  return words.trim() && start < end ? { text, passage, start, end, words } : undefined;
}

let sent;

function send(selection) {
  sent = selection;
  const { text, passage, start, end } = selection;
  const verb = isReselecting ? "move-text" : "mark-text";
  sendTo(text, `${verb} ${text.dataset.spans} ${passage} ${start}-${end}`);
}

const hasLabel = () => {
  const labels = [...form.querySelectorAll(".palette input")];
  return labels.length === 0 || labels.some(({ checked }) => checked);
};

// A bar says what is selected until it is marked.
const bar = document.createElement("div");
bar.className = "selection-bar";
bar.setAttribute("role", "status");
form.append(bar);

function hold(selection) {
  held = selection;
  bar.replaceChildren();
  if (!selection) return;
  const words = document.createElement("bdi");
  words.className = "ellipsis";
  words.textContent = `“${selection.words.trim()}”`;
  if (!isReselecting && !hasLabel()) bar.append(words, " Choose a label.");
  else {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small primary";
    button.textContent = isReselecting ? "Move it here" : "Mark";
    button.addEventListener("click", () => send(held));
    bar.append(words, button);
  }
}

// Chromium selects nothing from before the first character of what takes the focus by the same press.
let unfocusable;

function takeFocusAgain() {
  if (unfocusable) unfocusable.tabIndex = 0;
  unfocusable = undefined;
}

document.addEventListener("pointerdown", (event) => {
  takeFocusAgain();
  unfocusable = event.target.closest("[data-does]");
  unfocusable?.removeAttribute("tabindex");
  isPressed = !drag && event.pointerType === "mouse" && event.button === 0;
  pressedAt = event.clientX;
  if (held && !event.target.closest(".selection-bar, .palette")) hold(undefined);
});

document.addEventListener("pointercancel", takeFocusAgain);

document.addEventListener("pointerup", takeFocusAgain);

// A click within what is selected still has the selection, which ends with it.
document.addEventListener("mouseup", (event) => {
  const selects = Math.abs(event.clientX - pressedAt) > 2 || event.detail > 1 || event.shiftKey;
  const selection = isPressed && selects ? selected() : undefined;
  isPressed = false;
  if (!selection) return;
  if (isReselecting || hasLabel()) send(selection);
  else hold(selection);
});

// Fingers and keyboards have no end of a selection that can be known.
let settling;
document.addEventListener("selectionchange", () => {
  clearTimeout(settling);
  if (isPressed || drag) return;
  settling = setTimeout(() => {
    const selection = selected();
    if (selection) hold(selection);
  }, 200);
});

// Whoever selects by keyboard has the focus in none of these.
document.addEventListener("keydown", (event) => {
  const isElsewhere = event.target.closest("button, a, input, select, textarea, summary, [role=button]");
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !held || isElsewhere) return;
  event.preventDefault();
  if (isReselecting || hasLabel()) send(held);
});

// Whoever selects first, and then chooses the label.
form.addEventListener("change", (event) => {
  if (held && event.target.closest(".palette") && hasLabel()) send(held);
});

// A click on a region chooses it, the next one a region around it; elsewhere it says the first or the last word.
form.addEventListener("click", (event) => {
  const reselects = event.target.closest("[data-reselects]");
  if (reselects) setReselecting(!isReselecting);
  const text = textOf(event.target);
  if (!text || !getSelection().isCollapsed || event.target.closest("[data-handle]")) return;
  const word = event.target.closest("[data-does]");
  const marks = marksAround(event.target);
  const isPending = text.ownerDocument.querySelector("#regions [name$='.pending']");
  if (event.detail === 0 || marks.length === 0 || isPending) {
    if (word) sendTo(text, word.dataset.does);
    return;
  }
  const at = marks.findIndex((mark) => mark.classList.contains("is-selected"));
  const next = marks[at + 1];
  sendTo(text, next ? `select ${next.dataset.region}` : "close");
});

function marksAround(target) {
  const marks = [];
  for (let mark = target.closest("mark[data-region]"); mark; mark = mark.parentElement.closest("mark[data-region]"))
    marks.push(mark);
  return marks;
}

function setReselecting(is) {
  isReselecting = is;
  for (const button of form.querySelectorAll("[data-reselects]")) button.setAttribute("aria-pressed", String(is));
  if (held) hold(held);
}

form.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || event.ctrlKey || event.metaKey || !event.target.dataset.does) return;
  event.preventDefault();
  event.target.click();
});

// The ends of the chosen region are dragged.
const caretAt = (x, y) => {
  const caret = document.caretPositionFromPoint?.(x, y) ?? document.caretRangeFromPoint?.(x, y);
  return caret && { node: caret.offsetNode ?? caret.startContainer, offset: caret.offset ?? caret.startOffset };
};

form.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle) return;
  event.preventDefault();
  const text = textOf(handle);
  const [first, last] = ["start", "end"].map((end) => text.querySelector(`[data-handle=${end}]`));
  const other = handle === first ? last : first;
  const { top, height } = handle.getBoundingClientRect();
  handle.setPointerCapture(event.pointerId);
  drag = { handle, other, text, part: handle.closest("[data-passage]"), rise: top + height / 2 - event.clientY };
});

form.addEventListener("pointermove", (event) => {
  if (!drag || drag.sent) return;
  const caret = caretAt(event.clientX, event.clientY + drag.rise);
  const part = (caret?.node.parentElement ?? caret?.node)?.closest("[data-passage]");
  if (!part || textOf(part) !== drag.text || part.dataset.passage !== drag.part.dataset.passage) return;
  drag.place = { part, ...caret };
  const fixed = drag.other ?? drag.handle;
  const at = [...fixed.parentNode.childNodes].indexOf(fixed);
  getSelection().setBaseAndExtent(fixed.parentNode, at, caret.node, caret.offset);
});

form.addEventListener("pointerup", () => {
  const { place, handle, text } = drag ?? {};
  drag = place && { sent: true };
  if (!place) return;
  const { unit } = placeIn(place.part, place.node, place.offset);
  sendTo(text, `drag-end ${handle.dataset.handle} ${unit}`);
});

form.addEventListener("pointercancel", () => {
  drag = undefined;
  getSelection().removeAllRanges();
});

// Browsers don't select in buttons: with this script a word is none, but works as one.
function showWords() {
  for (const button of document.querySelectorAll("[data-spans] button")) {
    const word = document.createElement("span");
    const hadFocus = button === document.activeElement;
    word.className = button.className;
    word.setAttribute("role", "button");
    word.tabIndex = 0;
    word.dataset.does = button.value;
    word.append(...button.childNodes);
    button.replaceWith(word);
    if (hadFocus) word.focus({ preventScroll: true });
  }
  for (const end of ["start", "end"])
    for (const mark of document.querySelectorAll(`mark[data-${end}s]`)) {
      const handle = document.createElement("i");
      handle.dataset.handle = end;
      if (end === "start") mark.prepend(handle);
      else mark.append(handle);
    }
}

document.addEventListener("htmx:error", () => {
  drag = undefined;
  hold(sent);
});

// Whoever selects already what is next goes on while the text is drawn anew.
let going;

document.addEventListener("htmx:before:swap", () => {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
  const parts = [anchorNode, focusNode].map((node) => (node?.parentElement ?? node)?.closest?.("[data-passage]"));
  going = undefined;
  if (!isPressed || !parts[0] || !parts[1]) return;
  const ends = [placeIn(parts[0], anchorNode, anchorOffset), placeIn(parts[1], focusNode, focusOffset)];
  going = { name: textOf(parts[0]).dataset.spans, ends };
});

document.addEventListener("htmx:after:swap", () => {
  isReselecting = false;
  drag = undefined;
  sent = undefined;
  hold(undefined);
  if (textOf(getSelection().anchorNode)) getSelection().removeAllRanges();
  showWords();
  if (!going) return;
  const text = document.querySelector(`[data-spans="${CSS.escape(going.name)}"]`);
  const [anchor, focus] = going.ends.map((place) => text && nodeAt(text, place));
  if (anchor && focus) getSelection().setBaseAndExtent(...anchor, ...focus);
  going = undefined;
});

// The text node of a place, and the units in it that are before the place.
function nodeAt(text, { passage, unit }) {
  for (const part of text.querySelectorAll(`[data-passage="${passage}"]`)) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    let at = Number(part.dataset.start);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(".span-label")) continue;
      if (unit <= at + node.length) return [node, unit - at];
      at += node.length;
    }
  }
  return undefined;
}
showWords();
