// Reports files that are too large when they are chosen instead of after the upload: data-most-bytes holds the limit.
document.addEventListener("change", ({ target }) => {
  const maxBytes = Number(target.dataset.mostBytes);
  if (!maxBytes) return;
  const bytes = [...target.files].reduce((sum, { size }) => sum + size, 0);
  const isTooLarge = bytes > maxBytes;
  target.setCustomValidity(isTooLarge ? "This is larger than 200 MB. Choose less, and import in several parts." : "");
  target.reportValidity();
});
