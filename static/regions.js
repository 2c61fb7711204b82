// Marks regions without a reload: what a button of the list of regions, or a click on what is labeled, asks the server for comes
// into its place on the page, and all other answers stay untouched.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!submitter?.getAttribute("formaction")?.endsWith("/regions")) return;
  event.preventDefault();
  window.htmx.ajax("POST", submitter.getAttribute("formaction"), {
    source: form,
    event,
    target: "#regions",
    select: "#regions",
    selectOOB: "#label-parts:outerMorph",
    swap: "outerMorph",
    values: placeOf(form, submitter),
  });
});

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

document.addEventListener("htmx:after:swap", () => {
  measureAll();
  const focused = document.querySelector(":is(#regions, #label-parts) [autofocus]");
  focused?.focus({ preventScroll: focused.closest("#label-parts") !== null });
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

// Of recordings: the player's time goes into a field, its length along with a new segment, and a segment plays in the player.
const playerOf = (name) =>
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
