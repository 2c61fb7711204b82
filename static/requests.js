// Adds to htmx: focuses the swapped element if the focus was lost in it, and reports requests that got no answer.
document.addEventListener("htmx:after:swap", (event) => {
  const { target } = event.detail.ctx;
  if (document.activeElement !== document.body || !target?.id) return;
  document.getElementById(target.id)?.focus({ preventScroll: true });
});

const failures = {
  GET: "That didn’t work. Are you online? Reload the page to try again.",
  other: "No answer from the server. Reload the page to see whether it was saved.",
};

document.addEventListener("htmx:error", (event) => {
  const { request, sourceElement } = event.detail?.ctx ?? {};
  const toast = document.createElement("dialog");
  toast.className = "toast bad";
  toast.open = true;
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = sourceElement?.dataset.failure ?? failures[request?.method ?? "GET"] ?? failures.other;
  toast.append(message);
  document.getElementById("flash").replaceChildren(toast);
});
