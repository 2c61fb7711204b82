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
  });
});

document.addEventListener("htmx:after:swap", () => {
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
  event.target.closest("[data-enters]").querySelector("button")?.click();
});
