// The layer over a picture on which people draw. The server keeps what is marked: each drawing and each move is sent to it, and the
// layer then shows what the answer has.
import {
  computeArea,
  createImageAnnotator,
  intersects,
  PolygonEditor,
  RectangleEditor,
  registerShapeUtil,
} from "./annotorious.js";
import { EllipseEditor, PointEditor } from "./drawing-editors.js";
import { changedPlace, hits, toPlace, toShape, within } from "./drawing-shapes.js";
import { canTurn, controlFor, field, readValues, send } from "./drawing-state.js";
import {
  BoxTool,
  EllipseTool,
  hitTests,
  isDrawing,
  onDrawn,
  placeIn,
  PointTool,
  PolygonTool,
} from "./drawing-tools.js";
import { watchView } from "./drawing-view.js";
import { isIdle } from "./regions.js";

/** Starts the ids of what the server knows. */
const known = "region-";

const tools = { rectangle: BoxTool, ellipse: EllipseTool, keypoint: PointTool, polygon: PolygonTool };

/** Annotorious has tools of its own, by the names of shapes. */
const toolName = (shape) => `draw ${shape}`;

const editors = { RECTANGLE: RectangleEditor, POLYGON: PolygonEditor, ELLIPSE: EllipseEditor, POINT: PointEditor };

/** What Annotorious draws by itself, it draws slowly, and these are drawn by the server: of types that it does not know. */
const shown = (type) => `shown ${type}`;
const plain = (selector) => ({ ...selector, type: selector.type.replace("shown ", "") });

const hasMouse = matchMedia("(pointer: fine)");
const insideHint = "Hold Ctrl to draw inside the chosen region.";

for (const [type, util] of Object.entries(hits)) registerShapeUtil(type, util);
for (const type of Object.keys(editors))
  registerShapeUtil(shown(type), {
    area: (shape) => computeArea(plain(shape)),
    intersects: (shape, x, y, buffer) => intersects(plain(shape), x, y, buffer),
  });

export class DrawingLayer {
  /** The values that the layer shows, as JSON by the ids of regions. */
  #shown = new Map();
  /** Ids of regions that are not where the layer has them. */
  #moved = new Set();
  #sent = new Set();
  /** What was drawn last, once it has an answer. */
  #drawn = Promise.resolve();
  #isPressed = false;
  #isStale = false;
  /** What the button of the mouse has done is sent. */
  #isSettled = false;
  /** What to do once no button of the mouse is pressed. */
  #onRelease = [];

  /** `canvas`: where the layer is to be; `image`: the picture, which is loaded. */
  constructor(canvas, image) {
    this.canvas = canvas;
    this.size = { width: image.naturalWidth, height: image.naturalHeight };
    canvas.style.setProperty("--ratio", this.size.width / this.size.height);
    canvas.append(image);
    this.annotator = createImageAnnotator(image, { drawingMode: "click" });
    this.store = this.annotator.state.store;
    for (const [shape, tool] of Object.entries(tools)) this.annotator.registerDrawingTool(toolName(shape), tool);
    for (const [type, editor] of Object.entries(editors))
      for (const each of [type, shown(type)]) this.annotator.registerShapeEditor(each, editor);
    this.layer = canvas.querySelector(".a9s-annotationlayer");
    this.layer.setAttribute(
      "aria-label",
      `${canvas.dataset.name}: draw with the mouse or a finger; the numbers below do the same by keyboard`,
    );
    hitTests.set(this.layer, (x, y) => this.store.getAt(x, y, undefined, 2));
    onDrawn.set(this.layer, () => this.#settleNow());
    this.toolbar = document.getElementById(`${canvas.id}-tools`);
    this.toolbar.hidden = false;
    this.view = watchView(canvas, this.toolbar);
    this.#watch();
  }

  #watch() {
    const { canvas, layer } = this;
    let down;
    canvas.addEventListener(
      "pointerdown",
      (event) => {
        down = event;
        if (!event.isPrimary || event.button !== 0 || canvas.matches(".is-scrolled, .is-moved")) return;
        this.#isPressed = true;
        this.#isSettled = false;
        // What is chosen takes the drags that begin on it: anywhere else, or with Ctrl as in Label Studio, a new drawing begins.
        const isOnChosen = event.target.closest(".a9s-annotation.selected") !== null;
        if (!isOnChosen || event.ctrlKey || event.metaKey) this.annotator.cancelSelected();
      },
      true,
    );
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, () => this.#release(), true);
    const isDrag = ({ clientX, clientY }) => down && Math.hypot(clientX - down.clientX, clientY - down.clientY) > 4;
    // Annotorious takes a fast drag of a handle for a click beside the region.
    layer.querySelector(".drawing").addEventListener("pointerup", (event) => {
      if (!isDrag(event)) return;
      event.stopPropagation();
      this.#settleNow();
    });
    // Where drags scroll, clicks and taps choose.
    canvas.addEventListener("pointerup", (event) => {
      if (event.button !== 0 || isDrag(event) || !canvas.matches(".is-scrolled")) return;
      this.annotator.setSelected(this.store.getAt(...placeIn(layer, event), undefined, 10)?.id);
      this.settle();
    });
    // Handles are buttons without a name, which do nothing by keyboard.
    new MutationObserver(() => {
      for (const handle of layer.querySelectorAll("[role=button]")) {
        handle.removeAttribute("role");
        handle.removeAttribute("tabindex");
      }
      canvas.classList.toggle("is-edited", layer.querySelector(".a9s-annotation.selected") !== null);
    }).observe(layer, { childList: true, subtree: true });
  }

  #release() {
    if (!this.#isPressed) return;
    this.#isPressed = false;
    // After Annotorious has made of it what it makes.
    setTimeout(() => {
      if (!this.#isSettled) this.settle();
      if (this.#isStale) this.sync(readValues());
      for (const go of this.#onRelease.splice(0)) go();
    });
  }

  /** Before anything else can be pressed, such as Submit. */
  #settleNow() {
    this.#isSettled = true;
    this.settle();
  }

  get isConnected() {
    return this.canvas.isConnected;
  }

  /** The chosen region, as Annotorious has it. */
  get selected() {
    return this.annotator.getSelected()[0];
  }

  /** Shows what the server has, `values` of all pictures; later where something is just moved or drawn. */
  sync(values) {
    this.#isStale = this.#isPressed;
    if (this.#isStale) return;
    const overlay = this.canvas.parentElement.querySelector(".overlay");
    const drawn = [...overlay.querySelectorAll("[data-region]")].map(({ dataset }) => dataset.region);
    this.#show(new Map(drawn.flatMap((id) => (values.has(id) ? [[id, values.get(id)]] : []))));
    if (!isDrawing() && isIdle()) this.#choose(overlay);
    this.setTool();
  }

  #show(regions) {
    for (const id of this.#shown.keys()) if (!regions.has(id)) this.#remove(id);
    const scale = this.layer.getBoundingClientRect().width / this.size.width || 1;
    const added = [];
    for (const [id, value] of regions) {
      const json = JSON.stringify(value);
      if (this.#shown.get(id) === json && !this.#moved.has(id)) continue;
      const shape = toShape(value, this.size, scale);
      const annotation = annotationOf(known + id, { ...shape, type: shown(shape.type) });
      // Of several changes at once, Annotorious would edit all.
      if (this.#shown.has(id)) this.store.updateAnnotation(annotation, "REMOTE");
      else added.push(annotation);
      this.#shown.set(id, json);
      this.#moved.delete(id);
    }
    if (added.length > 0) this.annotator.setAnnotations(added, false);
  }

  #remove(id) {
    this.#shown.delete(id);
    this.store.bulkDeleteAnnotations([known + id], "REMOTE");
  }

  /** Chooses what the server has chosen, and takes its color. */
  #choose(overlay) {
    const chosen = field("selected");
    const id = this.#shown.has(chosen) ? known + chosen : undefined;
    if (this.selected?.id !== id) this.annotator.setSelected(id);
    const drawn = overlay.querySelector(`[data-region="${CSS.escape(chosen)}"]`);
    const hue = /hue-\d+/.exec(drawn?.getAttribute("class") ?? "")?.[0] ?? "hue-none";
    this.canvas.className = this.canvas.className.replace(/ hue-\w+|$/, ` ${hue}`);
    this.canvas.classList.toggle("is-upright", id !== undefined && !canTurn(this.canvas, this.#valueOf(chosen)));
  }

  /** Draws with the control of the chosen label, and says how. */
  setTool() {
    const { shape, hint, palette, isLabeled } = controlFor(this.canvas);
    if (this.annotator.getDrawingTool() !== toolName(shape)) this.annotator.setDrawingTool(toolName(shape));
    const isWaiting = document.querySelector("[data-makes]") !== null;
    const lead = palette && !isLabeled ? "Choose a label. " : "";
    const inside = this.selected && shape !== "keypoint" && hasMouse.matches ? ` ${insideHint}` : "";
    const words = isWaiting ? "Choose a label for what you have drawn." : lead + hint + inside;
    const line = this.toolbar.querySelector("[data-hint]");
    if (line.textContent !== words) line.textContent = words;
  }

  #valueOf(id) {
    return JSON.parse(this.#shown.get(id) ?? "{}");
  }

  /** Sends what a person has done since. */
  settle() {
    if (isDrawing()) return;
    const { selected } = this;
    if (selected && !selected.id.startsWith(known)) {
      if (!this.#sent.has(selected.id)) this.#drawn = this.#sendDrawn(selected);
      return;
    }
    const id = selected?.id.slice(known.length) ?? "";
    if ((id && this.#sendMoved(id, plain(selected.target.selector))) || (isIdle() && id === field("selected"))) return;
    if (id) void send(`select ${id}`);
    else if (!isIdle() || this.#shown.has(field("selected"))) void send("close");
  }

  async #sendDrawn({ id, target: { selector } }) {
    this.#sent.add(id);
    const place = toPlace(within(selector, {}, this.size), this.size);
    const { name } = controlFor(this.canvas);
    await send(`draw ${encodeURIComponent(name)}`, { item: Number(this.canvas.dataset.item), place });
    if (this.#isPressed) await new Promise((resolve) => this.#onRelease.push(resolve));
    // It may have been moved meanwhile.
    const latest = this.store.getAnnotation(id)?.target.selector;
    this.store.bulkDeleteAnnotations([id], "REMOTE");
    if (latest !== selector && this.#shown.has(field("selected"))) this.#sendMoved(field("selected"), latest);
  }

  #sendMoved(id, selector) {
    const value = this.#valueOf(id);
    if (Object.keys(changedPlace(selector, value, this.size)).length === 0) return false;
    // The layer has it where the server says, whatever that will be.
    this.#moved.add(id);
    const place = changedPlace(within(selector, value, this.size), value, this.size);
    if (Object.keys(place).length > 0) void send(`reshape ${id}`, { item: 0, place });
    else this.sync(readValues());
    return true;
  }

  /** Takes the chosen region away; what was just drawn once the server has it. */
  remove() {
    const { selected } = this;
    if (selected?.id.startsWith(known)) return void send(`delete ${selected.id.slice(known.length)}`);
    if (selected && !this.#sent.has(selected.id)) this.store.bulkDeleteAnnotations([selected.id], "REMOTE");
    else void this.#drawn.then(() => this.selected?.id.startsWith(known) && this.remove());
  }
}

function annotationOf(id, selector) {
  return { id, bodies: [], target: { annotation: id, selector } };
}
