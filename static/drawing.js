// Draws on pictures: a layer over each picture takes the place of its buttons. Without this, or what it needs, the buttons stay.
import { watchKeys } from "./drawing-keys.js";
import { DrawingLayer } from "./drawing-layer.js";
import { form, labelField, readValues } from "./drawing-state.js";

/** By their places on the page; undefined for those whose picture is not there yet, or can't be shown. */
const layers = new Map();

async function open(canvas) {
  layers.set(canvas, undefined);
  const image = new Image();
  image.src = canvas.parentElement.querySelector("input[type=image]").src;
  image.alt = "";
  image.draggable = false;
  try {
    await image.decode();
  } catch {
    return;
  }
  if (!canvas.isConnected) return;
  const layer = new DrawingLayer(canvas, image);
  layers.set(canvas, layer);
  form.dataset.draws = "";
  layer.sync(readValues());
}

function openAll() {
  for (const canvas of document.querySelectorAll("[data-canvas]")) if (!layers.has(canvas)) void open(canvas);
}

function opened() {
  return [...layers.values()].filter((layer) => layer?.isConnected);
}

document.addEventListener("regions:answered", () => {
  openAll();
  const values = readValues();
  for (const layer of opened()) layer.sync(values);
});

// A chosen label is for what waits for one, else for what is drawn next.
form.addEventListener("change", ({ target }) => {
  if (target.name === labelField && target.type === "radio") document.querySelector("[data-makes]")?.click();
  for (const layer of opened()) layer.setTool();
});

watchKeys(form, opened);
openAll();
