// The browser knows best at which address this site is: data-path is a path, of which the field shows the whole address.
function showAddress() {
  for (const field of document.querySelectorAll("[data-path]"))
    field.value = new URL(field.dataset.path, location.origin).href;
  const isLoopback = /^(127\..*|\[::1\]|(.*\.)?localhost)$/.test(location.hostname);
  for (const hint of document.querySelectorAll("[data-loopback-hint]")) hint.hidden = !isLoopback;
}
showAddress();
document.addEventListener("htmx:after:swap", showAddress);
