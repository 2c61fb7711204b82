// Closes menus, which are <details>, on Escape, on a click outside, and when the focus leaves them.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("focusout", ({ relatedTarget }) => {
  for (const menu of openMenus()) if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});
