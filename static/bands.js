// Drags over the lines of series: one marks a segment, one on the chosen segment moves it or the end that it begins at. A click chooses a
// segment, or is one of two that mark another, as without scripts.
import { sendRegions } from "./regions.js";

const form = document.querySelector("[data-labels]");
/** A drag is longer, in pixels. */
const clickPixels = 3;
const edgePixels = { mouse: 6, pen: 8, touch: 14 };

let drag;

const buttonOf = (event) => event.target.closest?.("[data-series] input[type=image]");
const placeOn = (button, { clientX }) => {
  const { left, width } = button.getBoundingClientRect();
  return Math.max(0, Math.min(width - 1, Math.round(clientX - left)));
};

function send(button, action) {
  const field = button.name.slice(0, button.name.indexOf("at-"));
  void sendRegions(form, button.getAttribute("formaction"), { [`${field}do`]: action }, { still: true });
}

/** The segments over a line, each from and to a pixel, in the order of the list. */
function bandsOn(button) {
  const overlay = button.parentElement.querySelector(".overlay");
  const ids = [...overlay.querySelectorAll("[data-region]")].map(({ dataset }) => dataset.region);
  return [...overlay.querySelectorAll("g.shape")].map((shape, index) => {
    const across = [...shape.querySelector(".outline").points].map(({ x }) => (x / 100) * button.width);
    const isSelected = shape.classList.contains("is-selected");
    return { id: ids[index], isSelected, left: Math.min(...across), right: Math.max(...across) };
  });
}

/** What of the chosen segment is at a pixel: an end of it, or all. */
function gripAt(button, x, { pointerType }) {
  const band = bandsOn(button).find(({ isSelected }) => isSelected);
  const edge = edgePixels[pointerType] ?? edgePixels.mouse;
  if (!band || x < band.left - edge || x > band.right + edge) return undefined;
  if (band.right - band.left > 2 * edge) {
    if (x < band.left + edge) return { ...band, moves: ["left"] };
    if (x > band.right - edge) return { ...band, moves: ["right"] };
  }
  return { ...band, moves: ["left", "right"] };
}

/** From and to which pixel a drag goes now. */
function endsOf({ from, to, grip }) {
  if (!grip) return { left: Math.min(from, to), right: Math.max(from, to) };
  const moved = (side) => grip[side] + (grip.moves.includes(side) ? to - from : 0);
  return { left: moved("left"), right: moved("right") };
}

function show({ button, band, ...ends }) {
  const { left, right } = endsOf(ends);
  band.style.left = `${Math.min(left, right)}px`;
  band.style.width = `${Math.max(1, Math.abs(right - left))}px`;
  if (!band.isConnected) button.parentElement.append(band);
}

function finish({ button, grip, ...ends }) {
  const { left, right } = endsOf({ grip, ...ends });
  const last = button.width - 1;
  const pixel = (x) => Math.max(0, Math.min(last, Math.round(x)));
  const [, item, target] = /at-\d+ (\d+) (.*)$/s.exec(button.name) ?? [];
  if (!grip) {
    send(button, `mark ${encodeURIComponent(target)} ${item} ${button.width} ${pixel(left)},0 ${pixel(right)},0`);
    return;
  }
  const [first, second] = ["left", "right"].map((side) =>
    grip.moves.includes(side) ? pixel(side === "left" ? left : right) : "-",
  );
  send(button, `move-ends ${button.width}:${first}:${second} ${grip.id}`);
}

form.addEventListener("dragstart", (event) => {
  if (buttonOf(event)) event.preventDefault();
});

form.addEventListener("pointerdown", (event) => {
  const button = buttonOf(event);
  if (!button || event.button !== 0 || !event.isPrimary) return;
  const from = placeOn(button, event);
  const band = document.createElement("i");
  band.className = "dragged-band";
  drag = { button, from, to: from, grip: gripAt(button, from, event), band, isDrag: false };
});

window.addEventListener("pointermove", (event) => {
  const button = buttonOf(event);
  if (!drag && button) {
    const { moves = [] } = gripAt(button, placeOn(button, event), event) ?? {};
    button.style.cursor = ["", "ew-resize", "grab"][moves.length];
  }
  if (!drag) return;
  drag.to = placeOn(drag.button, event);
  drag.isDrag ||= Math.abs(drag.to - drag.from) > clickPixels;
  if (drag.isDrag) show(drag);
});

function end(event) {
  if (!drag) return;
  const ended = drag;
  drag = undefined;
  ended.band.remove();
  if (!ended.isDrag || event.type === "pointercancel") return;
  // The click that follows is none of its own.
  const swallow = (click) => {
    click.preventDefault();
    click.stopImmediatePropagation();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
  finish(ended);
}

window.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !drag) return;
  drag.band.remove();
  drag = undefined;
});
window.addEventListener("pointerup", end);
window.addEventListener("pointercancel", end);

// Of several segments the shortest is chosen; within the chosen one a click begins another.
form.addEventListener("click", (event) => {
  const button = buttonOf(event);
  // Keys have no place, and what is clicked so far goes on.
  if (!button || event.detail === 0 || document.querySelector("#regions [value=cancel]")) return;
  const x = placeOn(button, event);
  const there = bandsOn(button).filter(({ left, right }) => x >= left - 2 && x <= right + 2);
  const [chosen] = there.toSorted((one, other) => one.right - one.left - (other.right - other.left));
  if (!chosen || there.some(({ isSelected }) => isSelected)) return;
  event.preventDefault();
  send(button, `select ${chosen.id}`);
});
