// Marks regions without a reload: what a button of the list of regions, or a click on what is labeled, asks the server for comes
// into its place on the page, and all other answers stay untouched.

// One after the other, since each sends the regions that the answer before it brought.
let latest = Promise.resolve();
let waiting = 0;

// The page stays where it is after a click on what is labeled.
let isStill = false;

/** Whether all answers are here. */
export function isIdle() {
  return waiting === 0;
}

/**
 * Sends what a button says, or `values` by the names of fields, with all that is in the form. Resolves with the answer, or without one;
 * then there is an event `regions:answered`, too.
 */
export function sendRegions(form, address, values, { still = false } = {}) {
  waiting++;
  form.setAttribute("aria-busy", "true");
  const swap = { target: "#regions", select: "#regions", selectOOB: "#label-parts:outerMorph", swap: "outerMorph" };
  latest = latest
    .then(() => {
      isStill = still;
      return window.htmx.ajax("POST", address, { source: form, ...swap, values });
    })
    .catch(() => {})
    .finally(() => {
      waiting--;
      if (isIdle()) form.removeAttribute("aria-busy");
      document.dispatchEvent(new Event("regions:answered"));
    });
  return latest;
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const address = submitter?.getAttribute("formaction");
  if (!address?.endsWith("/regions")) return;
  event.preventDefault();
  void sendRegions(form, address, { ...valueOf(submitter), ...placeOf(form, submitter) });
});

// The form is sent with what is marked meanwhile.
document.addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    if (isIdle() || !form.matches("[data-labels]")) return;
    if (submitter?.getAttribute("formaction")?.endsWith("/regions")) return;
    event.preventDefault();
    event.stopPropagation();
    // Later than forms.js, which lets a form be sent once at a time.
    void latest.finally(() => setTimeout(() => form.requestSubmit(submitter?.isConnected ? submitter : undefined)));
  },
  true,
);

// An answer that is no label page, such as an error, takes nothing away.
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  if (ctx.target?.id !== "regions" || [200, 422].includes(ctx.response.status)) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("htmx:error", { detail: { ctx } }));
});

const valueOf = ({ type, name, value }) => (type === "image" ? {} : { [name]: value });

// Of a picture that is a button, browsers send the place of the click.
function placeOf(form, button) {
  if (button.type !== "image") return {};
  return Object.fromEntries(
    [...new FormData(form, button)].filter(
      ([name]) => /^\.[xy]$/.test(name.slice(button.name.length)) && name.startsWith(button.name),
    ),
  );
}

// The size of a picture from elsewhere, which the server doesn't fetch.
function measure(image) {
  const field = document.getElementsByName(image.dataset.measured)[0];
  if (!image.naturalWidth || !field || field.value) return;
  field.value = `${image.naturalWidth} × ${image.naturalHeight}`;
  field.parentElement.querySelector("button").click();
}

function measureAll() {
  for (const image of document.querySelectorAll("[data-measured]"))
    if (image.complete) measure(image);
    else image.addEventListener("load", () => measure(image), { once: true });
}

// Once htmx is there.
window.addEventListener("load", measureAll);

// htmx scrolls to what it gives the focus.
document.addEventListener("htmx:before:swap", ({ detail: { tasks = [] } }) => {
  for (const { fragment } of isStill ? tasks : [])
    for (const element of fragment?.querySelectorAll("[autofocus]") ?? []) {
      element.removeAttribute("autofocus");
      element.dataset.focus = "";
    }
});

// What was marked by them is not what is marked next; htmx leaves to fields what was typed.
function emptyFields(group) {
  for (const field of group.querySelectorAll("input[type=text]")) field.value = field.defaultValue;
}

document.addEventListener("htmx:after:swap", () => {
  measureAll();
  const focused = document.querySelector(":is(#regions, #label-parts) :is([autofocus], [data-focus])");
  focused?.focus({ preventScroll: isStill || focused.closest("#label-parts") !== null });
  // What has it may stay for further answers.
  focused?.removeAttribute("autofocus");
  focused?.removeAttribute("data-focus");
  if (focused?.matches("[data-enters] input:not([aria-invalid])")) emptyFields(focused.closest("[data-enters]"));
  const panel = document.querySelector(".label-questions");
  if (!isStill || getComputedStyle(panel).overflowY === "visible") return;
  // Its row, so that the labels for the next region stay in sight; all of it where something is asked about it.
  const row = panel.querySelector(".region:has([aria-expanded=true])");
  (row?.parentElement.querySelector(".parts") ? row.parentElement : row)?.scrollIntoView({ block: "nearest" });
});

// Answers say of regions that the page shows already only which they are. Where one is not there after all, the whole is asked for.
window.htmx?.registerExtension("known-regions", {
  htmx_before_morph_node: (_, { newNode }) => !newNode.hasAttribute("data-known"),
});

document.addEventListener("htmx:after:swap", () => {
  const regions = document.getElementById("regions");
  if (!regions || !document.querySelector(":is(#regions, #label-parts) [data-known]")) return;
  const address = document.querySelector('[formaction$="/regions"]').getAttribute("formaction");
  void sendRegions(regions.closest("form"), address, { [regions.dataset.whole]: "1" }, { still: true });
});

// Enter in a field presses the button beside it, not Submit.
document.addEventListener("keydown", (event) => {
  if (
    event.key !== "Enter" ||
    event.ctrlKey ||
    event.metaKey ||
    !event.target.matches("[data-enters] input[type=text]")
  )
    return;
  event.preventDefault();
  const near = event.target.closest("[data-enters]");
  (near.querySelector("[data-default]") ?? near.querySelector("button[formaction]"))?.click();
});

// Delete takes the chosen region away, Ctrl+Z the last change back, Escape what was clicked so far or the choice.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const hasControl = event.ctrlKey || event.metaKey;
  if (isTyping || event.altKey || event.shiftKey || document.querySelector(":popover-open")) return;
  const names = hasControl ? { z: "undo" } : { Delete: "delete", Backspace: "delete", Escape: "close" };
  const isOff = !hasControl && localStorage.getItem("shortcuts") === "off";
  const name = isOff || !Object.hasOwn(names, event.key) ? undefined : names[event.key];
  if (!name || (isIdle() && !buttonOf(name))) return;
  event.preventDefault();
  // While an answer is awaited, what it brings is meant.
  void latest.then(() => buttonOf(name)?.click());
});

function buttonOf(name) {
  const regions = document.getElementById("regions");
  if (name === "undo") return regions.querySelector("[value=undo]");
  if (name === "delete") return regions.querySelector(".region:has([aria-expanded=true]) [value^='delete ']");
  return regions.querySelector("[value=cancel]") ?? regions.querySelector(".region-editor [value=close]");
}

// Of recordings: the player's time goes into a field, its length along with a new segment, and a segment plays in the player.
export const playerOf = (name) =>
  [...document.querySelectorAll("[data-recording]")].find((each) => each.dataset.recording === name);

document.addEventListener("click", (event) => {
  const now = event.target.closest("[data-now]");
  const player = now && playerOf(now.closest("[data-segment]").dataset.segment);
  if (player) now.parentElement.querySelector("input").value = Math.round(player.currentTime * 1000) / 1000;
  const link = event.target.closest("[data-plays]");
  const source =
    link && [...document.querySelectorAll("[data-recording]")].find((each) => each.src === link.href.split("#")[0]);
  if (!source) return;
  event.preventDefault();
  const [start, end] = link.hash.slice("#t=".length).split(",").map(Number);
  source.currentTime = start;
  source.play();
  source.addEventListener("timeupdate", function stop() {
    if (source.currentTime < end && !source.paused) return;
    source.pause();
    source.removeEventListener("timeupdate", stop);
  });
});

document.addEventListener(
  "submit",
  () => {
    for (const field of document.querySelectorAll("[data-length]")) {
      const length = playerOf(field.closest("[data-segment]").dataset.segment)?.duration;
      if (Number.isFinite(length)) field.value = length;
    }
  },
  true,
);
