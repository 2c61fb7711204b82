// The invitation link. The browser knows best at which address this site is: data-path is a path, of which the field shows the
// whole address. Opened in the page People, the panel takes the focus, and closes by its button or by Escape.
const field = () => document.getElementById("invite_url");

function showAddress() {
  for (const each of document.querySelectorAll("[data-path]"))
    each.value = new URL(each.dataset.path, location.origin).href;
  const isLoopback = /^(127\..*|\[::1\]|(.*\.)?localhost)$/.test(location.hostname);
  for (const hint of document.querySelectorAll("[data-loopback-hint]")) hint.hidden = !isLoopback;
  if (field() === document.activeElement) field().select();
}
showAddress();
document.addEventListener("htmx:after:swap", showAddress);

function close(event) {
  const opener = document.getElementById("add-people");
  if (!opener) return;
  event.preventDefault();
  document.getElementById("invite").replaceChildren();
  document.getElementById("invite").className = "stack";
  opener.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-closes-invitation]")) close(event);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest("#invite") && !document.querySelector(":popover-open"))
    close(event);
});
