// How a picture that is drawn on is seen: larger and smaller by buttons, keys and the wheel with Ctrl, moved by the space bar or the
// middle button of the mouse, and, with a finger, either drawn on or scrolled.

const largest = 16;
const step = 1.5;

/** `canvas`: what holds the picture, in its box that scrolls; `tools`: its buttons. */
export function watchView(canvas, tools) {
  const box = canvas.closest(".picture-scroll");
  let zoom = 1;
  let isSpaceDown = false;

  /** Shows the picture so many times as large as it fits; what is at this place of the window stays there. */
  function zoomTo(wanted, place = middleOf(box)) {
    const image = canvas.querySelector("img");
    const before = image.getBoundingClientRect();
    zoom = Math.min(Math.max(wanted, 1), largest);
    canvas.style.setProperty("--zoom", zoom);
    const after = image.getBoundingClientRect();
    box.scrollLeft += after.left - place.x + ((place.x - before.left) / before.width) * after.width;
    box.scrollTop += after.top - place.y + ((place.y - before.top) / before.height) * after.height;
    tools.querySelector("[data-zoom=out]").disabled = zoom === 1;
    tools.querySelector("[data-zoom=in]").disabled = zoom === largest;
  }

  function zoomBy(way, place) {
    zoomTo(way === "fit" ? 1 : way === "in" ? zoom * step : zoom / step, place);
  }

  function setMode(mode) {
    for (const button of tools.querySelectorAll("[data-mode]"))
      button.setAttribute("aria-pressed", button.dataset.mode === mode);
    canvas.classList.toggle("is-scrolled", mode === "scroll");
  }

  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.zoom) zoomBy(button.dataset.zoom);
    if (button?.dataset.mode) setMode(button.dataset.mode);
  });

  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomTo(zoom * Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );

  let last;
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      const isMouse = event.pointerType === "mouse";
      if (event.button !== 1 && !isSpaceDown && !(isMouse && canvas.classList.contains("is-scrolled"))) return;
      event.preventDefault();
      event.stopPropagation();
      last = event;
      canvas.setPointerCapture(event.pointerId);
    },
    true,
  );
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    box.scrollLeft -= event.clientX - last.clientX;
    box.scrollTop -= event.clientY - last.clientY;
    last = event;
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (last = undefined));

  // Of the pages with several pictures, the one is meant that the mouse is over, or that has the focus.
  const isMeant = () => box.matches(":hover") || box.contains(document.activeElement) || isOnly(canvas);
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && isMeant() && !event.target.closest("button, summary, a, label, input, textarea, select")) {
      isSpaceDown = true;
      canvas.classList.add("is-moved");
      event.preventDefault();
    }
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== " ") return;
    isSpaceDown = false;
    canvas.classList.remove("is-moved");
  });

  zoomTo(1);
  return { zoomBy, isMeant };
}

function middleOf(box) {
  const { left, top, width, height } = box.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

function isOnly(canvas) {
  return document.querySelectorAll("[data-canvas]").length === 1 && canvas.isConnected;
}
