// A form is sent once: while its answer is awaited its button is disabled, and says what happens (data-busy).
const sent = new Map();

document.addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent.set(form, undefined);
    // Later, because the value of a disabled button is not sent.
    setTimeout(() => {
      if (event.defaultPrevented && !form.hasAttribute("hx-post")) return release(form);
      if (!sent.has(form) || !submitter?.dataset.busy) return;
      sent.set(form, { button: submitter, words: [...submitter.childNodes] });
      submitter.disabled = true;
      submitter.textContent = submitter.dataset.busy;
    });
  },
  true,
);

function release(form) {
  const busy = sent.get(form);
  sent.delete(form);
  if (!busy) return;
  busy.button.disabled = false;
  busy.button.replaceChildren(...busy.words);
}

document.addEventListener("htmx:finally:request", () => [...sent.keys()].forEach(release));
// The page comes back as it was left, by the Back button.
window.addEventListener("pageshow", () => [...sent.keys()].forEach(release));
