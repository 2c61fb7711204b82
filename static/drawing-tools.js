// How people draw on a picture: boxes and ellipses by a drag, polygons corner by corner, points by a click. Annotorious makes an
// object of each class where it is needed, as of a component of Svelte, and removes it afterwards.
import { box, ellipse, point, pointRadius, polygon } from "./drawing-shapes.js";

/** What is being drawn: a polygon that is not closed, a box whose other corner is still dragged. */
let unfinished;

export function isDrawing() {
  return unfinished !== undefined;
}

/** What a key does to a polygon that is not closed; false for nothing. */
export function pressInDrawing(key) {
  return unfinished?.press?.(key) ?? false;
}

/** What is at a place, in pixels of the picture, by the layers over the pictures. */
export const hitTests = new WeakMap();

/** What is to be done at once when something is drawn, by the layers. */
export const onDrawn = new WeakMap();

/** Shorter drags are clicks, in pixels as shown. */
const shortest = 4;

/** A click so near the first corner closes a polygon. */
const closingDistance = 10;

/** What Annotorious expects of components. */
export class Component {
  #listeners = new Map();

  constructor({ target, props }) {
    Object.assign(this, props);
    this.group = svgElement("g");
    target.append(this.group);
  }

  $on(name, listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  emit(name, detail) {
    for (const listener of this.#listeners.get(name) ?? []) listener({ detail });
  }

  $set(props) {
    Object.assign(this, props);
    this.draw();
  }

  // What Svelte calls inside of a component.
  $$set(props) {
    this.$set(props);
  }

  $destroy() {
    this.group.remove();
  }
}

class Tool extends Component {
  constructor(options) {
    super(options);
    this.group.setAttribute("class", "a9s-annotation a9s-rubberband");
    this.layer = this.group.ownerSVGElement;
    const listen = (name, handle) => this.addEventListener(name, (event) => event.isPrimary && handle(event), true);
    listen("pointerdown", (event) => event.button === 0 && this.pressDown(event));
    listen("pointermove", (event) => this.move(event));
    listen("pointerup", (event) => this.release(event));
    listen("pointercancel", () => this.cancel());
  }

  /** The place of an event, within the picture. */
  at(event) {
    const { width, height } = this.layer.viewBox.baseVal;
    const [x, y] = placeIn(this.layer, event);
    return [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
  }

  /** A region is drawn. */
  create(shape) {
    this.emit("create", shape);
    onDrawn.get(this.layer)?.();
  }

  /** The region at a place. */
  hit(at) {
    return hitTests.get(this.layer)?.(...at);
  }

  /** How far two places are from each other, in pixels as shown. */
  distance([x, y], [otherX, otherY]) {
    return Math.hypot(x - otherX, y - otherY) * this.viewportScale;
  }

  pressDown() {}
  move() {}
  release() {}

  cancel() {
    if (unfinished === this) unfinished = undefined;
    this.group.replaceChildren();
  }

  draw() {}

  /** Nothing else takes the event: this was a drawing, and no click. */
  finish(event, shape) {
    event.stopImmediatePropagation();
    this.cancel();
    if (shape) this.create(shape);
  }

  $destroy() {
    this.cancel();
    super.$destroy();
  }
}

/** A drag from one corner to the other. */
class DragTool extends Tool {
  pressDown(event) {
    this.from = this.at(event);
    this.layer.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.from) return;
    this.to = this.at(event);
    if (unfinished === undefined && this.distance(this.from, this.to) < shortest) return;
    unfinished = this;
    this.group.replaceChildren(...outlines(this.shape(this.from, this.to)));
  }

  release(event) {
    if (unfinished !== this) return this.cancel();
    this.to = this.at(event);
    const isLarge = this.from.every(
      (share, index) => Math.abs(share - this.to[index]) * this.viewportScale >= shortest,
    );
    this.finish(event, isLarge ? this.shape(this.from, this.to) : undefined);
  }

  cancel() {
    this.from = undefined;
    super.cancel();
  }
}

export class BoxTool extends DragTool {
  shape([left, top], [right, bottom]) {
    return box({
      x: Math.min(left, right),
      y: Math.min(top, bottom),
      w: Math.abs(right - left),
      h: Math.abs(bottom - top),
    });
  }
}

export class EllipseTool extends DragTool {
  shape([left, top], [right, bottom]) {
    const [rx, ry] = [Math.abs(right - left) / 2, Math.abs(bottom - top) / 2];
    return ellipse({ cx: (left + right) / 2, cy: (top + bottom) / 2, rx, ry });
  }
}

/** A click sets a point; on a point that is there it chooses that, which Annotorious does. */
export class PointTool extends Tool {
  pressDown(event) {
    this.from = this.at(event);
  }

  release(event) {
    const at = this.at(event);
    const isClick = this.from && this.distance(this.from, at) < shortest * 2;
    this.from = undefined;
    if (isClick && !isPoint(this.hit(at))) this.finish(event, point(...at, pointRadius / this.viewportScale));
  }
}

/** Corner by corner. A click on a region chooses it as long as nothing is begun, so that a drag begins inside of one. */
export class PolygonTool extends Tool {
  corners = [];

  pressDown(event) {
    this.from = this.at(event);
    this.layer.setPointerCapture(event.pointerId);
  }

  move(event) {
    this.to = this.at(event);
    if (this.corners.length > 0) return this.draw();
    if (!this.from || this.distance(this.from, this.to) < shortest * 2) return;
    this.add(this.from);
    this.draw();
  }

  release(event) {
    if (!this.from) return;
    this.from = undefined;
    const at = this.at(event);
    if (this.corners.length === 0 && this.hit(at)) return;
    event.stopImmediatePropagation();
    if (this.isClosing(at)) return this.close();
    // A double click is a second one at the last corner.
    if (this.corners.length > 0 && this.distance(this.corners.at(-1), at) < shortest) {
      if (this.corners.length > 2) this.close();
      return;
    }
    this.add(at);
    this.to = at;
    this.draw();
  }

  add(corner) {
    this.corners.push(corner);
    unfinished = this;
  }

  isClosing(at) {
    return this.corners.length > 2 && this.distance(this.corners[0], at) < closingDistance;
  }

  close() {
    const { corners } = this;
    this.cancel();
    this.create(polygon(corners));
  }

  press(key) {
    if (key === "Enter" && this.corners.length > 2) this.close();
    else if (key === "Backspace" && this.corners.length > 1) this.corners.pop();
    else if (key !== "Enter") this.cancel();
    this.draw();
    return true;
  }

  draw() {
    if (this.corners.length === 0) return;
    const isClosing = this.to && this.isClosing(this.to);
    const points = [...this.corners, ...(this.to && !isClosing ? [this.to] : [])]
      .map((each) => each.join(","))
      .join(" ");
    const dots = this.corners.map(([cx, cy], index) =>
      svgElement("circle", {
        cx,
        cy,
        r: (index === 0 && isClosing ? 7 : 4) / this.viewportScale,
        class: "a9s-handle-dot",
      }),
    );
    this.group.replaceChildren(
      ...["a9s-outer", "a9s-inner"].map((name) => svgElement("polygon", { points, class: name })),
      ...dots,
    );
  }

  cancel() {
    this.corners = [];
    this.to = undefined;
    super.cancel();
  }
}

/** The place of an event on a layer, in pixels of the picture. */
export function placeIn(layer, { clientX, clientY }) {
  const { left, top, width, height } = layer.getBoundingClientRect();
  const { viewBox } = layer;
  return [((clientX - left) / width) * viewBox.baseVal.width, ((clientY - top) / height) * viewBox.baseVal.height];
}

function isPoint(annotation) {
  return annotation?.target.selector.type.endsWith("POINT") ?? false;
}

/** The lines of a shape as Annotorious draws them: a light one around the other. */
export function outlines({ type, geometry }) {
  const { x, y, w, h, cx, cy, rx, ry } = geometry;
  const [tag, members] = type === "ELLIPSE" ? ["ellipse", { cx, cy, rx, ry }] : ["rect", { x, y, width: w, height: h }];
  return ["a9s-outer", "a9s-inner"].map((name) => svgElement(tag, { ...members, class: name }));
}

export function svgElement(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
