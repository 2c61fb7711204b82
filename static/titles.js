// Shows a text that does not fit into its line to those who point at it.
document.addEventListener("mouseover", ({ target }) => {
  const line = target.closest(".ellipsis");
  if (line && line.scrollWidth > line.clientWidth) line.title = line.textContent.trim();
});
