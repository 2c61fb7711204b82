// How people change ellipses and points, for which Annotorious has no editors: they are moved by a drag, ellipses by their handles, too.
import { ellipse, point, pointRadius, turned } from "./drawing-shapes.js";
import { Component, outlines, placeIn, svgElement } from "./drawing-tools.js";

/** How far the handle that turns is above an ellipse, in pixels as shown. */
const turningDistance = 20;

class Editor extends Component {
  constructor(options) {
    super(options);
    this.group.setAttribute("class", "a9s-annotation selected");
    this.group.addEventListener("pointerdown", (event) => this.#grab(event));
    this.group.addEventListener("pointermove", (event) => this.#drag(event));
    for (const name of ["pointerup", "pointercancel"])
      this.group.addEventListener(name, () => (this.grabbed = undefined));
    this.draw();
  }

  #grab(event) {
    if (event.button !== 0) return;
    this.grabbed = { handle: event.target.dataset.handle ?? "", from: placeIn(this.svgEl, event), shape: this.shape };
    // The elements inside are made anew at each step.
    this.group.setPointerCapture(event.pointerId);
  }

  #drag(event) {
    if (!this.grabbed) return;
    this.shape = { ...this.changed(this.grabbed, placeIn(this.svgEl, event)), type: this.shape.type };
    this.draw();
    this.emit("change", this.shape);
  }

  handle(name, cx, cy) {
    const r = 4 / this.viewportScale;
    const isFinger = matchMedia("(any-pointer: coarse)").matches;
    return [
      svgElement("circle", {
        cx,
        cy,
        r: r + (isFinger ? 14 : 6) / this.viewportScale,
        class: "a9s-handle-buffer",
        "data-handle": name,
      }),
      svgElement("circle", { cx, cy, r, class: "a9s-handle-dot" }),
    ];
  }
}

export class EllipseEditor extends Editor {
  draw() {
    const { cx, cy, rx, ry, rot = 0 } = this.shape.geometry;
    const inside = svgElement("g", { transform: `translate(${cx} ${cy}) rotate(${(rot * 180) / Math.PI})` });
    const top = -ry - turningDistance / this.viewportScale;
    const turning = svgElement("g", { class: "a9s-rotation-handle-group" });
    turning.append(
      svgElement("line", { x1: 0, y1: -ry, x2: 0, y2: top, class: "a9s-rotation-handle-line-fg" }),
      ...this.handle("turn", 0, top),
    );
    inside.append(
      ...outlines({ type: "ELLIPSE", geometry: { cx: 0, cy: 0, rx, ry } }),
      turning,
      ...this.handle("top", 0, -ry),
      ...this.handle("right", rx, 0),
      ...this.handle("bottom", 0, ry),
      ...this.handle("left", -rx, 0),
    );
    this.group.replaceChildren(inside);
  }

  changed({ handle, from, shape: { geometry } }, [x, y]) {
    const { cx, cy, rx, ry, rot = 0 } = geometry;
    if (handle === "") return ellipse({ ...geometry, cx: cx + x - from[0], cy: cy + y - from[1] });
    if (handle === "turn") return ellipse({ ...geometry, rot: Math.atan2(y - cy, x - cx) + Math.PI / 2 });
    const [left, top] = turned(x - cx, y - cy, -rot);
    // The other end stays where it is.
    const isAcross = handle === "left" || handle === "right";
    const sign = handle === "right" || handle === "bottom" ? 1 : -1;
    const radius = Math.max((sign * (isAcross ? left : top) + (isAcross ? rx : ry)) / 2, 1 / this.viewportScale);
    const shift = sign * (radius - (isAcross ? rx : ry));
    const [across, down] = turned(isAcross ? shift : 0, isAcross ? 0 : shift, rot);
    return ellipse({ cx: cx + across, cy: cy + down, rx: isAcross ? radius : rx, ry: isAcross ? ry : radius, rot });
  }
}

export class PointEditor extends Editor {
  draw() {
    const { x, y } = this.shape.geometry;
    this.group.replaceChildren(
      svgElement("circle", { cx: x, cy: y, r: (pointRadius * 2) / this.viewportScale, class: "a9s-handle-buffer" }),
      svgElement("circle", { cx: x, cy: y, r: pointRadius / this.viewportScale, class: "a9s-inner" }),
    );
  }

  changed({ from, shape: { geometry } }, [x, y]) {
    return point(geometry.x + x - from[0], geometry.y + y - from[1], geometry.radius);
  }
}
