// A browser without a viewer for PDFs would show an empty frame: the link below it is enough there.
if (navigator.pdfViewerEnabled === false)
  for (const embed of document.querySelectorAll("[data-document] > embed")) {
    const words = document.createElement("p");
    words.className = "note";
    words.textContent = "This browser shows no PDFs within a page.";
    embed.replaceWith(words);
  }
