// The import form: names of chosen files, an error for what is too large before it is sent, and how far the upload is.
const form = () => document.querySelector("[data-upload]");

document.addEventListener("change", ({ target }) => {
  const maxBytes = Number(target.dataset?.maxBytes);
  if (!maxBytes) return;
  const files = [...target.files];
  const isTooLarge = files.reduce((sum, { size }) => sum + size, 0) > maxBytes;
  target.setCustomValidity(isTooLarge ? "This is larger than 200 MB. Import it in several parts." : "");
  target.reportValidity();
  const names = target.closest(".file-drop")?.querySelector("[data-file-names]");
  if (!names) return;
  names.dataset.words ??= names.textContent;
  names.textContent = files.length ? files.map(({ name }) => name).join(", ") : names.dataset.words;
});

for (const [type, isOver] of Object.entries({ dragenter: true, dragover: true, dragleave: false, drop: false })) {
  document.addEventListener(type, ({ target }) => {
    target.closest?.(".file-drop")?.classList.toggle("is-over", isOver);
  });
}

function showProgress(upload) {
  const progress = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  const words = document.createElement("output");
  progress.setAttribute("aria-label", "Upload");
  upload.querySelector(".upload-progress")?.remove();
  const bar = document.createElement("div");
  bar.className = "upload-progress stack tight";
  bar.append(progress, words);
  upload.append(bar);
  return [progress, words];
}

function send(upload, button) {
  const [progress, words] = showProgress(upload);
  const request = new XMLHttpRequest();
  const label = button.textContent;
  const end = (message) => {
    button.disabled = false;
    button.textContent = label;
    words.textContent = message;
    progress.remove();
  };
  button.disabled = true;
  button.textContent = button.dataset.busy;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const percent = total ? Math.floor((100 * loaded) / total) : 0;
    progress.value = percent;
    words.textContent = percent < 100 ? `Sending: ${percent}%` : "Sent. Checking…";
  });
  request.addEventListener("error", () =>
    end("The upload broke off. Are you online? Import again; nothing was imported."),
  );
  request.addEventListener("load", () => {
    // After a redirect this is the page of the import.
    if (request.status < 400) return location.assign(request.responseURL);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = document.adoptNode(answer.querySelector("main"));
    document.querySelector("main").replaceWith(main);
    document.title = answer.title;
    globalThis.htmx?.process(main);
    main.querySelector("[autofocus]")?.focus();
  });
  request.open("POST", upload.action);
  request.send(new FormData(upload));
}

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  send(event.target, event.submitter ?? event.target.querySelector("button:not([type=button])"));
});
