// A page below a list leads back to the list as it was left, with its search, which data-list marks.
const listNow = () => document.querySelector("[data-list]");

addEventListener("pagehide", () => {
  if (listNow()) sessionStorage.setItem(`list:${location.pathname}`, location.search);
});

for (const parent of document.querySelectorAll("a.heading-parent")) {
  const search = sessionStorage.getItem(`list:${parent.pathname}`);
  if (search && !parent.search) parent.search = search;
}
