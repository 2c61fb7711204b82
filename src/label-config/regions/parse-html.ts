import type { DefaultTreeAdapterTypes } from "parse5";
import type { IOptions } from "sanitize-html";

import { LatestCache } from "../../common/latest-cache.ts";
import type { HtmlDocument, HtmlText } from "./html-document.ts";

type Parent = DefaultTreeAdapterTypes.ParentNode;

/** No page has elements in so many others, and a parser looks through all of them: deeper ones are none. */
const maxDepth = 500;

/** What Label Studio takes out before a browser parses the HTML, which joins the texts around it. */
export const likeLabelStudio: IOptions = {
  allowedTags: false,
  allowedAttributes: false,
  allowVulnerableTags: true,
  nestingLimit: maxDepth,
  nonTextTags: ["script", "textarea", "option", "noscript"],
  exclusiveFilter: ({ tag }) => tag === "script" || tag === "iframe",
};

/** Elements whose content is no markup, or none that is shown. */
const hidden = new Set("style script title textarea option noscript template iframe noembed noframes".split(" "));
const transparent = new Set(["plaintext", "xmp"]);
const empty = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

const blocks = new Set(
  "address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split(
    " ",
  ),
);
/** A browser's selection has an empty line behind them. */
const withEmptyLine = /^(?:p|h[1-6])$/;

/**
 * Parses HTML as the browsers of Label Studio's people do. `is_inline`: into an element of the page, not as a document of its own, where
 * white space and styles at the start are in no body.
 */
export function parseHtml(html: string, { is_inline }: { is_inline: boolean }): Promise<HtmlDocument> {
  return documents.get(`${is_inline} ${html}`, () => parse(html, is_inline));
}

/** The latest documents, since each click on a page is about the same again. */
const documents = new LatestCache<Promise<HtmlDocument>>(5);

async function parse(html: string, is_inline: boolean): Promise<HtmlDocument> {
  const [parse5, { default: sanitizeHtml }] = await Promise.all([import("parse5"), import("sanitize-html")]);
  const clean = sanitizeHtml(html, likeLabelStudio);
  // Without a doctype, since Chromium ends no paragraph at a table in documents of this kind.
  return documentOf(is_inline ? parse5.parseFragment(clean) : bodyOf(parse5.parse(clean)));
}

function bodyOf(document: Parent): Parent {
  const html = document.childNodes.find(({ nodeName }) => nodeName === "html") as Parent | undefined;
  const body = html?.childNodes.find(({ nodeName }) => nodeName === "body") as Parent | undefined;
  return body ?? { ...document, childNodes: [] };
}

function documentOf(body: Parent): HtmlDocument {
  const texts: HtmlText[] = [];
  const elements = new Map<string, number>();
  const pieces: (string | number)[] = [];
  let text = "";
  let gap = "";
  let wordedTexts = 0;
  const widen = (other: string) => {
    if (other.length > gap.length || (gap === "\t" && other)) gap = other;
  };

  const addText = (value: string, path: string, shown_as: HtmlText["shown_as"]) => {
    if (!value) return;
    const start = text.length;
    if (/\S/.test(value)) wordedTexts++;
    text += value;
    pieces.push(texts.length);
    texts.push({ path, start, end: text.length, shown_as, gap });
    gap = "";
  };

  const walk = (parent: Parent, parentPath: string, shown_as: HtmlText["shown_as"]) => {
    const counts = new Map<string, number>();
    for (const node of parent.childNodes) {
      const name = node.nodeName === "#text" ? "text()" : node.nodeName.toLowerCase();
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const path = `${parentPath}/${name}[${count}]`;
      if ("value" in node) addText(node.value, path, shown_as);
      else if ("tagName" in node) addElement(node, path, shown_as);
    }
  };

  const addElement = (element: DefaultTreeAdapterTypes.Element, path: string, shown_as: HtmlText["shown_as"]) => {
    const { tagName } = element;
    const wordedBefore = wordedTexts;
    elements.set(path, text.length);
    if (tagName === "br") text += "\n";
    const isBlock = blocks.has(tagName);
    if (isBlock) widen("\n");
    const isHidden = hidden.has(tagName);
    const isMarkup = !isHidden && !transparent.has(tagName);
    if (isMarkup) pieces.push(startTag(element));
    const before = pieces.length;
    walk(element, path, isHidden ? "nothing" : tagName === "pre" && shown_as === "text" ? "preformatted" : shown_as);
    // What is not shown is in the text all the same, as in a browser's document.
    if (isHidden) pieces.length = before;
    if (isMarkup && !empty.has(tagName)) pieces.push(`</${tagName}>`);
    if (isBlock) widen(withEmptyLine.test(tagName) && wordedTexts > wordedBefore ? "\n\n" : "\n");
    else if (tagName === "td" || tagName === "th") widen("\t");
  };

  walk(body, "", "text");
  return { text, texts, elements, pieces };
}

/** Links lead nowhere where words are marked, as in Label Studio. */
function startTag({ tagName, attrs }: DefaultTreeAdapterTypes.Element): string {
  const attributes = attrs.filter(({ name }) => name !== "href" && /^[a-z]+$/.test(name));
  return `<${tagName}${attributes.map(({ name, value }) => ` ${name}="${escaped(value)}"`).join("")}>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
