// Shows a chosen picture before it is sent, once it is decoded: data-previews holds the id of the element that gets it.
for (const input of document.querySelectorAll("[data-previews]")) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file?.type.startsWith("image/")) return;
    const image = new Image();
    image.className = "avatar avatar-large";
    image.alt = "The picture you chose";
    image.src = URL.createObjectURL(file);
    try {
      await image.decode();
      document.getElementById(input.dataset.previews).replaceChildren(image);
    } catch {
      // The server says what is wrong with it.
    }
    URL.revokeObjectURL(image.src);
  });
}
