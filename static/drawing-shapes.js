// Shapes both ways: percents of the picture, as results have them, and its pixels, in which people draw. A turned box is turned
// around its upper left corner in results, and around its middle where it is drawn. `size`: of the picture, in pixels.

/** Smaller differences come from computing. */
const tolerance = 1e-6;

/** How far around a point a click hits it, in pixels as shown. */
export const pointRadius = 8;

/** The shape for the value of an entry; undefined for none. `scale`: pixels as shown for one of the picture. */
export function toShape(value, size, scale = 1) {
  const across = (share) => (share / 100) * size.width;
  const down = (share) => (share / 100) * size.height;
  const { x, y, width, height, radiusX, radiusY, rotation = 0, points } = value ?? {};
  const turn = (Number(rotation) * Math.PI) / 180;
  if (Array.isArray(points)) return polygon(points.map(([left, top]) => [across(left), down(top)]));
  if (![x, y].every(Number.isFinite)) return undefined;
  if ([radiusX, radiusY].every(Number.isFinite))
    return ellipse({ cx: across(x), cy: down(y), rx: across(radiusX), ry: down(radiusY), rot: turn });
  if ([width, height].every(Number.isFinite))
    return box(aroundMiddle(across(x), down(y), across(width), down(height), turn));
  return point(across(x), down(y), pointRadius / scale);
}

/** What a value is of, as label configs call it. */
export function shapeOf({ points, radiusX, width, height }) {
  if (points) return "polygon";
  if (radiusX !== undefined) return "ellipse";
  return width !== undefined && height !== undefined ? "rectangle" : "keypoint";
}

export function box({ x, y, w, h, rot = 0 }) {
  const [cx, cy] = [x + w / 2, y + h / 2];
  const corners = [
    [-w / 2, -h / 2],
    [w / 2, -h / 2],
    [w / 2, h / 2],
    [-w / 2, h / 2],
  ]
    .map(([left, top]) => turned(left, top, rot))
    .map(([left, top]) => [cx + left, cy + top]);
  return { type: "RECTANGLE", geometry: { x, y, w, h, rot, bounds: boundsOf(corners) } };
}

export function ellipse({ cx, cy, rx, ry, rot = 0 }) {
  const [cos, sin] = [Math.cos(rot), Math.sin(rot)];
  const [across, down] = [Math.hypot(rx * cos, ry * sin), Math.hypot(rx * sin, ry * cos)];
  const bounds = { minX: cx - across, minY: cy - down, maxX: cx + across, maxY: cy + down };
  return { type: "ELLIPSE", geometry: { cx, cy, rx, ry, rot, bounds } };
}

export function polygon(points) {
  return { type: "POLYGON", geometry: { points, bounds: boundsOf(points) } };
}

export function point(x, y, radius) {
  return {
    type: "POINT",
    geometry: { x, y, radius, bounds: { minX: x - radius, minY: y - radius, maxX: x + radius, maxY: y + radius } },
  };
}

/** The members of a result's place for a shape that nobody has drawn before. */
export function toPlace(shape, size) {
  return changedPlace(shape, {}, size);
}

/** The members of a place in which a shape differs from what it was for this value. What nobody has touched stays out of it. */
export function changedPlace({ type, geometry }, value, size) {
  const across = (length) => (length / size.width) * 100;
  const down = (length) => (length / size.height) * 100;
  const before = toShape(value, size)?.geometry ?? {};
  const changed = (name, now, then) => (isSame(now, then) ? [] : [name]);
  const place = {};
  if (type === "POLYGON") {
    const corners = geometry.points.map(
      (corner) => sameCorner(corner, before.points, value.points) ?? [across(corner[0]), down(corner[1])],
    );
    return corners.length === value.points?.length && corners.every((corner, index) => corner === value.points[index])
      ? {}
      : { points: corners };
  }
  if (type === "POINT") {
    if (changed("x", geometry.x, before.x).length) place.x = across(geometry.x);
    if (changed("y", geometry.y, before.y).length) place.y = down(geometry.y);
    return place;
  }
  const [at, then] = type === "ELLIPSE" ? [middle(geometry), middle(before)] : [corner(geometry), corner(before)];
  if (!isSame(at[0], then[0])) place.x = across(at[0]);
  if (!isSame(at[1], then[1])) place.y = down(at[1]);
  for (const [name, member, share] of type === "ELLIPSE"
    ? [
        ["radiusX", "rx", across],
        ["radiusY", "ry", down],
      ]
    : [
        ["width", "w", across],
        ["height", "h", down],
      ])
    if (!isSame(geometry[member], before[member])) place[name] = share(geometry[member]);
  if (!isSameTurn(geometry.rot ?? 0, before.rot ?? 0)) place.rotation = degrees(geometry.rot);
  return place;
}

/** The same shape within the picture: moved back where it was only moved, else cut. What is turned keeps its middle in it. */
export function within({ type, geometry }, value, size) {
  const before = toShape(value, size)?.geometry ?? {};
  if (type === "POINT") return point(clamp(geometry.x, size.width), clamp(geometry.y, size.height), geometry.radius);
  if (type === "POLYGON") {
    const [left, top] = backInto(geometry.bounds, size);
    const isMoved = before.points?.length === geometry.points.length && isMove(before.points, geometry.points);
    const shift = ([x, y]) => (isMoved ? [x + left, y + top] : [x, y]);
    return polygon(geometry.points.map(shift).map(([x, y]) => [clamp(x, size.width), clamp(y, size.height)]));
  }
  if (type === "ELLIPSE")
    return ellipse({ ...geometry, cx: clamp(geometry.cx, size.width), cy: clamp(geometry.cy, size.height) });
  const { x, y, w, h, rot = 0 } = geometry;
  if (!isSameTurn(rot, 0)) {
    const [cx, cy] = [clamp(x + w / 2, size.width), clamp(y + h / 2, size.height)];
    return box({ x: cx - w / 2, y: cy - h / 2, w, h, rot });
  }
  const {
    geometry: { bounds },
  } = box(geometry);
  if (isSame(w, before.w) && isSame(h, before.h) && w <= size.width && h <= size.height) {
    const [left, top] = backInto(bounds, size);
    return box({ x: x + left, y: y + top, w, h });
  }
  const [left, top] = [clamp(x, size.width), clamp(y, size.height)];
  return box({ x: left, y: top, w: clamp(x + w, size.width) - left, h: clamp(y + h, size.height) - top });
}

/** Around which pixels an ellipse is, and how near a point. */
export const hits = {
  ELLIPSE: {
    area: ({ geometry: { rx, ry } }) => Math.PI * rx * ry,
    intersects({ geometry: { cx, cy, rx, ry, rot = 0 } }, x, y) {
      const [left, top] = turned(x - cx, y - cy, -rot);
      return (left / rx) ** 2 + (top / ry) ** 2 <= 1;
    },
  },
  POINT: {
    area: () => 0,
    intersects: ({ geometry }, x, y, buffer = 0) =>
      Math.hypot(x - geometry.x, y - geometry.y) <= geometry.radius + buffer,
  },
};

/** Turns clockwise around the origin. */
export function turned(x, y, angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

/** A box as results turn it, around the corner at `left` and `top`. */
function aroundMiddle(left, top, w, h, rot) {
  const [across, down] = turned(w / 2, h / 2, rot);
  return rot === 0 ? { x: left, y: top, w, h, rot } : { x: left + across - w / 2, y: top + down - h / 2, w, h, rot };
}

/** Where results have the upper left corner of a box, after turning. */
function corner({ x, y, w, h, rot = 0 }) {
  if (rot === 0) return [x, y];
  const [across, down] = turned(w / 2, h / 2, rot);
  return [x + w / 2 - across, y + h / 2 - down];
}

function middle({ cx, cy }) {
  return [cx, cy];
}

function boundsOf(points) {
  const [across, down] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { minX: Math.min(...across), minY: Math.min(...down), maxX: Math.max(...across), maxY: Math.max(...down) };
}

/** How far something has to move so that it is in the picture. */
function backInto({ minX, minY, maxX, maxY }, { width, height }) {
  const back = (from, to, end) => (from < 0 ? -from : to > end ? end - to : 0);
  return [back(minX, maxX, width), back(minY, maxY, height)];
}

function isMove(before, after) {
  const [left, top] = [after[0][0] - before[0][0], after[0][1] - before[0][1]];
  return after.every(([x, y], index) => isSame(x, before[index][0] + left) && isSame(y, before[index][1] + top));
}

function sameCorner([x, y], before = [], corners = []) {
  const index = before.findIndex((each) => isSame(each[0], x) && isSame(each[1], y));
  return corners[index];
}

function isSame(one, other) {
  return Math.abs(one - other) < tolerance;
}

function isSameTurn(one, other) {
  const apart = Math.abs(one - other) % (2 * Math.PI);
  return Math.min(apart, 2 * Math.PI - apart) < tolerance / 1000;
}

function degrees(angle) {
  return ((((angle * 180) / Math.PI) % 360) + 360) % 360;
}

function clamp(value, end) {
  return Math.min(Math.max(value, 0), end);
}
