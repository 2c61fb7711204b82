// A Show button for a password field: data-shows holds the field's id.
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", () => {
    const isVisible = field.type === "password";
    field.type = isVisible ? "text" : "password";
    button.textContent = isVisible ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(isVisible));
    field.focus();
  });
  // Hidden again on submit, so that password managers recognize the field.
  field.form.addEventListener("submit", () => (field.type = "password"));
}
