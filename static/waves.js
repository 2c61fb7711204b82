// Draws the waves of recordings above their fields: a drag marks a segment, the chosen one is moved and its ends are dragged, a click
// chooses. The server stays the one that knows the segments: each change is sent to it, and its answer is drawn.
import { playerOf, sendRegions } from "./regions.js";
import { RegionsPlugin, WaveSurfer } from "./wavesurfer.js";

const form = document.querySelector("[data-labels]");
const height = 96;
/** Pixels of a second in the largest view. */
const mostPixels = 2000;

/** Each label is moved from under all others, which takes time. */
const mostLabels = 100;

const keyOf = (segment, hasLabel) => JSON.stringify([segment, hasLabel]);
const rounded = (seconds) => Math.round(seconds * 1000) / 1000;
const fieldsOf = (name) =>
  [...document.querySelectorAll("[data-segment]")].find(({ dataset }) => dataset.segment === name);

/** Canvases know no variables. */
function colorOf(element, name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const hues = new Map();

/** The color of a label, which follows the scheme: as its rule has it. */
function hueOf(color) {
  if (hues.has(color)) return hues.get(color);
  const probe = document.createElement("i");
  probe.className = `hue-${color}`;
  form.append(probe);
  const hue = getComputedStyle(probe).getPropertyValue("--hue");
  probe.remove();
  hues.set(color, hue);
  return hue;
}

class Wave {
  #box;
  #name;
  #player;
  #surfer;
  #regions;
  #segments = [];
  /** What is drawn, by its region of wavesurfer.js. */
  #drawn = new WeakMap();
  /** Regions that were dragged, which are drawn anew. */
  #moved = new WeakSet();
  #isReady = false;
  #isDrawing = false;
  /** The last change came from here, so that the focus goes back. */
  #hasSent = false;

  constructor(box, player) {
    this.#box = box;
    this.#name = box.dataset.wave;
    this.#player = player;
    box.hidden = false;
    const lines = box.querySelector("[data-lines]");
    const { nonce: cspNonce } = box.dataset;
    const options = {
      container: lines,
      media: player,
      url: player.src,
      height,
      cspNonce,
      normalize: true,
      cursorWidth: 2,
    };
    this.#surfer = WaveSurfer.create({ ...options, ...this.#colors() });
    this.#regions = this.#surfer.registerPlugin(RegionsPlugin.create());
    this.#surfer.once("ready", () => this.#open());
    // Where it can't be read or drawn, the player and the fields are there.
    this.#surfer.on("error", () => this.#close());
    player.addEventListener("error", () => this.#close());
    if (player.error) this.#close();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => this.#surfer.setOptions(this.#colors()));
  }

  get isOpen() {
    return this.#isReady && this.#box.isConnected && !this.#box.hidden;
  }

  #colors() {
    const [waveColor, progressColor] = ["--muted", "--accent"].map((name) => colorOf(this.#box, name));
    return { waveColor, progressColor, cursorColor: "var(--ink)" };
  }

  #open() {
    this.#isReady = true;
    const scroller = this.#scroller();
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", "Wave of the recording; its segments are in the list of regions");
    this.#regions.enableDragSelection({ color: "color-mix(in srgb, var(--accent) 25%, transparent)" });
    this.#regions.on("region-created", (region) => this.#isDrawing || this.#mark(region));
    this.#regions.on("region-update", (region) => this.#moved.add(region));
    this.#regions.on("region-updated", (region, side) => this.#move(region, side));
    this.#surfer.on("click", (share) => this.#choose(share * this.#surfer.getDuration()));
    for (const button of this.#box.querySelectorAll("[data-zooms]"))
      button.addEventListener("click", () => this.#zoom(Number(button.dataset.zooms)));
    this.sync();
  }

  #close() {
    if (this.#box.hidden) return;
    this.#box.hidden = true;
    this.#surfer.destroy();
  }

  #scroller() {
    return this.#box.querySelector("[data-lines]").firstElementChild.shadowRoot.querySelector(".scroll");
  }

  #send(action) {
    const { address, sends } = this.#box.dataset;
    fieldsOf(this.#name).querySelector("[data-length]").value = this.#surfer.getDuration();
    this.#hasSent = true;
    void sendRegions(form, address, { [sends]: action }, { still: true });
  }

  #mark({ start, end }) {
    if (rounded(start) < rounded(end))
      this.#send(`mark ${encodeURIComponent(this.#name)} ${rounded(start)}-${rounded(end)}`);
  }

  /** An end that was not dragged keeps its digits. */
  #move({ id, start, end }, side) {
    const before = this.#segments.find((segment) => segment.id === id);
    if (!before) return;
    const from = side === "end" ? before.start : rounded(start);
    const to = side === "start" ? before.end : rounded(end);
    if (from < to) this.#send(`move-ends ${from}-${to} ${id}`);
    else this.sync();
  }

  /** Of several segments at a place, each click chooses another one. */
  #choose(time) {
    const there = this.#segments.filter(({ id, start, end }) => id && start <= time && time <= end);
    const at = there.findIndex(({ is_selected }) => is_selected);
    const next = there[(at + 1) % there.length];
    if (next && !next.is_selected) this.#send(`select ${next.id}`);
  }

  /** `factor`: 0 shows all. */
  #zoom(factor) {
    const duration = this.#surfer.getDuration();
    const least = this.#surfer.getWidth() / duration;
    const pixels = Math.max(this.#surfer.options.minPxPerSec, least) * factor;
    this.#surfer.zoom(pixels <= least ? 0 : Math.min(pixels, mostPixels));
    this.#show(this.#segments.find(({ is_selected }) => is_selected));
  }

  /** Scrolls to a segment that can't be seen. */
  #show(segment) {
    if (!segment) return;
    const scroller = this.#scroller();
    const pixels = scroller.scrollWidth / this.#surfer.getDuration();
    const [left, right] = [segment.start, segment.end].map((time) => time * pixels - scroller.scrollLeft);
    if (right < 0 || left > scroller.clientWidth) this.#surfer.setScrollTime(Math.max(0, segment.start - 24 / pixels));
  }

  /** Draws the segments as the server says them. */
  sync() {
    const before = this.#segments.find(({ is_selected }) => is_selected)?.id;
    this.#segments = JSON.parse(fieldsOf(this.#name)?.dataset.marked ?? "[]");
    this.#isDrawing = true;
    const unchanged = new Set();
    const hasLabels = this.#segments.length <= mostLabels;
    const keys = new Set(this.#segments.map((segment) => keyOf(segment, hasLabels)));
    for (const region of this.#regions.getRegions().slice()) {
      const key = this.#drawn.get(region);
      if (key !== undefined && keys.has(key) && !this.#moved.has(region)) unchanged.add(key);
      else region.remove();
    }
    for (const segment of this.#segments) {
      const key = keyOf(segment, hasLabels);
      if (!unchanged.has(key)) this.#drawn.set(this.#draw(segment, hasLabels), key);
    }
    this.#isDrawing = false;
    const chosen = this.#segments.find(({ is_selected }) => is_selected);
    if (chosen?.id !== before) this.#show(chosen);
    if (this.#hasSent && document.activeElement?.matches(".region-editor *")) this.focus();
    this.#hasSent = false;
  }

  #draw({ id, number, words, color, start, end, is_selected }, hasLabel) {
    const hue = id ? hueOf(color) : "var(--accent)";
    const region = this.#regions.addRegion({
      id: id || "waiting",
      start,
      end,
      drag: is_selected,
      resize: is_selected,
      color: `color-mix(in srgb, ${hue} ${is_selected ? 45 : 25}%, transparent)`,
    });
    const { style } = region.element;
    style.border = `${is_selected ? 2 : 1}px ${id ? "solid" : "dashed"} ${hue}`;
    // Over others that are not chosen, a drag marks one more.
    style.pointerEvents = is_selected ? "all" : "none";
    style.zIndex = is_selected ? "1" : "0";
    for (const handle of region.element.querySelectorAll("[part~=region-handle]")) {
      handle.style.inlineSize = "12px";
      handle.style.borderColor = hue;
    }
    if (!id || !hasLabel) return region;
    const label = document.createElement("span");
    label.textContent = words ? `${number} ${words}` : String(number);
    label.style.color = "var(--surface)";
    label.style.background = hue;
    region.setContent(label);
    return region;
  }

  focus() {
    this.#scroller().focus({ preventScroll: true });
  }

  toggle() {
    if (this.#player.paused) void this.#player.play();
    else this.#player.pause();
  }
}

const waves = [...document.querySelectorAll("[data-wave]")].flatMap((box) => {
  const player = playerOf(box.dataset.wave);
  return player ? [new Wave(box, player)] : [];
});
const open = () => waves.filter((wave) => wave.isOpen);
const syncAll = () => open().forEach((wave) => wave.sync());

// Where nobody has answered, what was dragged goes back.
document.addEventListener("regions:answered", syncAll);

// A chosen label is for the segment that waits for one.
form.addEventListener("change", ({ target }) => {
  if (target.matches(".palette input[type=radio]") && open().length > 0)
    document.querySelector("#regions [value=make]")?.click();
});

// Space plays and pauses, unless it does something where the focus is.
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const hasUse = target.matches(
    "a, audio, button, details *, input:not([type=radio]:checked), select, summary, textarea",
  );
  const isOff = localStorage.getItem("shortcuts") === "off" || event.ctrlKey || event.metaKey || event.altKey;
  const [wave] = open();
  if (key !== " " || !wave || hasUse || isOff || document.querySelector(":popover-open")) return;
  event.preventDefault();
  wave.toggle();
});
