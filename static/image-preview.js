// Shows a chosen image before the upload: data-previews holds the id of the element that gets it.
for (const input of document.querySelectorAll("[data-previews]")) {
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file?.type.startsWith("image/")) return;
    const image = new Image();
    image.className = "avatar avatar-large";
    image.alt = "Preview of the image you chose";
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    document.getElementById(input.dataset.previews).replaceChildren(image);
  });
}
