// Says at once that files are too large, rather than after they were sent: data-most-bytes holds how much may be chosen.
document.addEventListener("change", ({ target }) => {
  const most = Number(target.dataset.mostBytes);
  if (!most) return;
  const bytes = [...target.files].reduce((sum, { size }) => sum + size, 0);
  const isTooLarge = bytes > most;
  target.setCustomValidity(isTooLarge ? "This is larger than 200 MB. Choose less, and import in several parts." : "");
  target.reportValidity();
});
