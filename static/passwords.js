// A Show button beside a password: data-shows holds the field's id.
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  });
  // What was shown is sent, and kept by password managers, as a password.
  field.form.addEventListener("submit", () => (field.type = "password"));
}
