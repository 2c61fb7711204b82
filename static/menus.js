// Closes menus, which are <details>, on Escape, on a click outside, and when the focus leaves them.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A question that a menu opened gives the focus back to it.
const isOutside = (menu, element) => !menu.contains(element) && !element.closest("[popover]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (isOutside(menu, target)) menu.open = false;
});

document.addEventListener("focusout", ({ relatedTarget }) => {
  for (const menu of openMenus()) if (relatedTarget && isOutside(menu, relatedTarget)) menu.open = false;
});
