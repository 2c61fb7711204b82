// Keys on pages with pictures that are drawn on: Delete, Escape, [ and ] for the region before and the next, Ctrl+Z, and + - 0 for the
// size. Those of a single character can be switched off, as in shortcuts.js.
import { send } from "./drawing-state.js";
import { isDrawing, pressInDrawing } from "./drawing-tools.js";

const isOff = () => localStorage.getItem("shortcuts") === "off";
const drawingKeys = ["Escape", "Enter", "Backspace", "Delete"];
const zooms = { "+": "in", "-": "out", 0: "fit" };

/** `layers`: gives those of the page. */
export function watchKeys(form, layers) {
  /** Chooses the region before the chosen one, or the next; the first one where none is chosen. */
  function step(by) {
    const regions = [...form.querySelectorAll(".region-words")];
    const at = regions.findIndex((each) => each.getAttribute("aria-expanded") === "true");
    const next = at < 0 ? (by > 0 ? 0 : regions.length - 1) : at + by;
    if (regions[next]) void send(regions[next].value);
  }

  // Before Annotorious, which takes back what it knows, and not what the server has.
  window.addEventListener(
    "keydown",
    (event) => {
      const isCtrl = event.ctrlKey || event.metaKey;
      if (isCtrl && ["z", "y"].includes(event.key)) event.stopPropagation();
      if (isTyping(event) || event.target.closest("[popover], .menu[open]")) return;
      if (isCtrl && event.key === "z") void send("undo");
      else if (isCtrl || event.altKey || !take(event)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  /** Whether a key did something. */
  function take({ key, target }) {
    if (isDrawing() && drawingKeys.includes(key) && !(key === "Enter" && target.closest("button, summary, a"))) {
      const isTaken = pressInDrawing(key);
      for (const layer of layers()) layer.settle();
      return isTaken;
    }
    const chosen = layers().find(({ selected }) => selected);
    if (key === "Escape" && chosen) return finish(chosen);
    if ((key === "Delete" || key === "Backspace") && chosen) return remove(chosen);
    if (isOff() || form.querySelector(`[data-hotkey="${CSS.escape(key)}"]`)) return false;
    if (key === "[" || key === "]") return finish(undefined, () => step(key === "]" ? 1 : -1));
    const layer = zooms[key] && layers().find(({ view }) => view.isMeant());
    if (!layer) return false;
    layer.view.zoomBy(zooms[key]);
    return true;
  }

  function finish(chosen, then) {
    chosen?.annotator.cancelSelected();
    chosen?.settle();
    then?.();
    return true;
  }

  function remove(chosen) {
    // Chosen corners of a polygon go first, which Annotorious does.
    const hasCorners = chosen.layer.querySelector(".a9s-handle-selected") !== null;
    if (hasCorners) setTimeout(() => chosen.settle());
    else chosen.remove();
    return !hasCorners;
  }
}

function isTyping({ target }) {
  return (
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=image])")
  );
}
