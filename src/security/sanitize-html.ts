import type { IOptions } from "sanitize-html";

const options: IOptions = {
  allowedTags: [
    ..."address article aside blockquote div h1 h2 h3 h4 h5 h6 section dd dl dt hr li ol p pre ul".split(" "),
    ..."a abbr b bdi bdo br cite code data dfn em i kbd mark q rb rp rt ruby s samp small span strong sub sup".split(
      " ",
    ),
    ..."time u var wbr del ins figure figcaption img".split(" "),
    ..."caption col colgroup table tbody td tfoot th thead tr".split(" "),
  ],
  allowedAttributes: {
    "*": ["dir", "lang", "title"],
    a: ["href", "target", "rel"],
    img: ["src", "alt", "width", "height"],
    ol: ["start", "reversed"],
    td: ["colspan", "rowspan"],
    th: ["colspan", "rowspan", "scope"],
    time: ["datetime"],
  },
  allowedSchemes: ["http", "https", "mailto"],
  allowedSchemesByTag: { img: ["http", "https", "data"] },
  // The content of these is dropped with the tag, since it is not text to read.
  nonTextTags: ["script", "style", "textarea", "option", "noscript", "template", "title"],
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, target: "_blank", rel: "noopener noreferrer" } }),
    img: (tagName, attribs) => ({ tagName, attribs: { ...attribs, alt: attribs.alt ?? "" } }),
  },
};

/** Returns a function that makes untrusted HTML safe to render: without scripts, styles, forms and frames, but with images. */
export async function createSanitizer(): Promise<(html: string) => string> {
  const { default: sanitizeHtml } = await import("sanitize-html");
  return (html) => sanitizeHtml(html, options);
}
