// Adds to htmx: focuses the swapped element if the focus was lost in it, and reports requests that got no answer.
document.addEventListener("htmx:after:swap", (event) => {
  const { target } = event.detail.ctx;
  if (document.activeElement !== document.body || !target?.id) return;
  document.getElementById(target.id)?.focus({ preventScroll: true });
});

document.addEventListener("htmx:error", () => {
  const message = document.createElement("p");
  message.textContent = "No answer came from the server. Reload the page to see what was done.";
  document.getElementById("flash").replaceChildren(message);
});
