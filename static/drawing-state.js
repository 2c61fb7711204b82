// What the form of the label page has of regions, and how it is asked for more.
import { shapeOf, toShape } from "./drawing-shapes.js";
import { sendRegions } from "./regions.js";

/** Starts the names of the fields of the list of regions. */
const prefix = "region.";

/** The name of the fields with the labels for the next region. */
export const labelField = `${prefix}label`;

export const form = document.querySelector("[data-labels]");

export const field = (name) => form.elements.namedItem(prefix + name)?.value ?? "";

/** The values of what has a place on a picture, by the ids of regions. */
export function readValues() {
  const values = new Map();
  for (const { id, type, value } of JSON.parse(field("result") || "[]"))
    if (type !== "relation" && !values.has(String(id)) && toShape(value, { width: 1, height: 1 }))
      values.set(String(id), value);
  return values;
}

/** The controls that draw on a picture. */
function controlsOf(canvas) {
  return JSON.parse(canvas.closest("[data-pictures]").dataset.tools);
}

/** The control that draws the next region: that of the chosen label, and of several that of the chosen shape. */
export function controlFor(canvas) {
  const controls = controlsOf(canvas);
  const palettes = new Set(chosenLabels().map((label) => JSON.parse(label)[0]));
  const labeled = controls.filter(({ palette }) => palettes.has(palette));
  const fitting = labeled.length > 0 ? labeled : controls;
  const chosen = field(`shape.${canvas.dataset.target}`);
  return { ...(fitting.find(({ name }) => name === chosen) ?? fitting[0]), isLabeled: labeled.length > 0 };
}

export function canTurn(canvas, value) {
  return controlsOf(canvas).find(({ shape }) => shape === shapeOf(value))?.can_rotate ?? true;
}

function chosenLabels() {
  return [...form.querySelectorAll(`[name="${labelField}"]:checked`)].map(({ value }) => value);
}

/** Asks the server to do what a button of the page would, with something drawn. Later choices are not for this. */
export function send(action, drawn) {
  const labels = chosenLabels();
  const fields = {
    [`${prefix}do`]: action,
    [`${prefix}keeps-focus`]: "1",
    ...(drawn && { [`${prefix}drawn`]: JSON.stringify(drawn) }),
    ...(drawn && labels.length === 1 && { [labelField]: labels[0] }),
  };
  const address = document.querySelector('[formaction$="/regions"]').getAttribute("formaction");
  return sendRegions(form, address, fields, { still: true });
}
