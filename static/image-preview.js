// Shows an image before it is sent: data-previews holds the id of the place for it.
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
