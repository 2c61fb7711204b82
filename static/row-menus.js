// Gives each row of a list of people its menu, from the page's one template.
function addMenus() {
  for (const cell of document.querySelectorAll("td.row-menu:empty")) {
    const menu = document.getElementById("row-menu").content.cloneNode(true);
    const link = cell.parentElement.querySelector("[data-row-link]");
    menu.querySelector("summary").ariaLabel += ` ${link.textContent}`;
    for (const item of menu.querySelectorAll("[data-for]"))
      if (!item.dataset.for.split(" ").includes(cell.dataset.status ?? "active")) item.remove();
    for (const item of menu.querySelectorAll("[data-ask]")) item.href = link.href + item.dataset.ask;
    // The email stands below the name, or in its place.
    const email = [...cell.parentElement.querySelectorAll(".person bdi")].at(-1);
    const copy = menu.querySelector("[data-copies]");
    copy.dataset.copies = email.id = `email-of-row-${cell.parentElement.rowIndex}`;
    if (!email.textContent.includes("@")) copy.parentElement.remove();
    cell.append(menu);
  }
}
addMenus();
document.addEventListener("htmx:after:swap", addMenus);
