// Lets a message go after six seconds, unless it offers something, or somebody points at it or has the focus in it.
const seconds = 6;

function watch() {
  const toast = document.querySelector("#flash > .toast");
  if (!toast || toast.dataset.isWatched) return;
  toast.dataset.isWatched = "";
  if (toast.querySelector("a, form:not([method=dialog])")) return;
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within")) return;
    clearInterval(timer);
    toast.close();
  }, seconds * 1000);
}
watch();
document.addEventListener("htmx:after:swap", watch);
