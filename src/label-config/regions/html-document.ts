import { partitionPoint } from "../../common/partition-point.ts";

/** A text node of a document. */
export interface HtmlText {
  /** Its XPath from the body: `/p[1]/b[1]/text()[1]`. */
  path: string;
  /** Where it is in the text of the document, in UTF-16 units. */
  start: number;
  end: number;
  /** How it is shown: not at all, as in a style; with its white space as it is; or with white space in one. */
  shown_as: "nothing" | "preformatted" | "text";
  /** What a block that begins or ends before it makes of a selection: line ends, or a tab between cells. */
  gap: string;
}

/** HTML as Label Studio parses it: its texts, one behind the other, with a line end for each `br`. */
export interface HtmlDocument {
  text: string;
  texts: HtmlText[];
  /** Where elements begin in the text, by their XPaths. */
  elements: ReadonlyMap<string, number>;
  /** Markup, and between it the indices of texts. */
  pieces: (string | number)[];
}

/** A part of a document's text, cut to the texts in it; undefined where there is none. */
export function withinTexts(
  { texts }: HtmlDocument,
  { start, end }: { start: number; end: number },
): { start: number; end: number; first: HtmlText; last: HtmlText } | undefined {
  const first = texts[partitionPoint(texts.length, (index) => (texts[index]?.end ?? 0) <= start)];
  const last = texts[partitionPoint(texts.length, (index) => (texts[index]?.start ?? 0) < end) - 1];
  if (!first || !last) return undefined;
  const [from, to] = [Math.max(start, first.start), Math.min(end, last.end)];
  return from < to ? { start: from, end: to, first, last } : undefined;
}

/** The blocks that a part of a document's text is in, whose words don't go on in others. */
export function blocksAround(
  { text, texts }: HtmlDocument,
  { start, end }: { start: number; end: number },
): { start: number; end: number } {
  const first = texts.findLast((each) => each.gap !== "" && each.start <= start)?.start ?? 0;
  const behind = texts.find((each) => each.gap !== "" && each.start >= end)?.start ?? text.length;
  return { start: first, end: behind };
}

/** Where a place is in the text of the document: an XPath of a text or an element, and UTF-16 units in it; undefined for nowhere. */
export function unitOfPath(document: HtmlDocument, xpath: string, offset: number): number | undefined {
  const path = normalPath(xpath);
  const text = textsByPath(document).get(path);
  if (text) return text.start + offset <= text.end ? text.start + offset : undefined;
  const element = document.elements.get(path);
  if (element === undefined || element + offset > document.text.length) return undefined;
  return element + offset;
}

const byPath = new WeakMap<HtmlDocument, Map<string, HtmlText>>();

function textsByPath(document: HtmlDocument): Map<string, HtmlText> {
  const texts = byPath.get(document) ?? new Map(document.texts.map((text) => [text.path, text]));
  byPath.set(document, texts);
  return texts;
}

/** Steps may have no index, and paths may begin at the document. */
function normalPath(path: string): string {
  const steps = path
    .replace(/^\.?(?:\/html(?:\[1\])?)?(?:\/body(?:\[1\])?)?(?=\/)/, "")
    .split("/")
    .filter(Boolean);
  return steps.map((step) => `/${step.endsWith("]") ? step : `${step}[1]`}`).join("");
}

const shown = new WeakMap<HtmlDocument, { characters: string[]; gaps: Map<number, string> }>();

/** What a browser's selection of a part of the text says: white space in one, line ends between blocks. */
export function selectionText(document: HtmlDocument, start: number, end: number): string {
  const { characters, gaps } = shownCharacters(document);
  let text = "";
  for (let unit = start; unit < end; unit++) text += (unit > start ? (gaps.get(unit) ?? "") : "") + characters[unit];
  return text;
}

/** What each unit of the text is shown as, and what stands before some of them. */
function shownCharacters(document: HtmlDocument) {
  const known = shown.get(document);
  if (known) return known;
  const { text, texts } = document;
  // What is in no text is the line end of a br.
  const characters = Array.from({ length: text.length }, () => "\n");
  const gaps = new Map<number, string>();
  const line: { space: number | undefined; isEmpty: boolean } = { space: undefined, isEmpty: true };
  const endLine = () => {
    if (line.space !== undefined) characters[line.space] = "";
    line.space = undefined;
    line.isEmpty = true;
  };
  let gap = "";
  let at = 0;
  for (const each of texts) {
    if (each.start > at) {
      endLine();
      gap = "";
    }
    at = each.end;
    if (each.shown_as === "nothing") {
      characters.fill("", each.start, each.end);
      continue;
    }
    if (each.gap.length > gap.length || !gap) gap = each.gap;
    for (let unit = each.start; unit < each.end; unit++) {
      const character = text[unit] ?? "";
      const isSpace = each.shown_as === "text" && /[\t\n\f\r ]/.test(character);
      if (isSpace && (line.isEmpty || gap || line.space === unit - 1 || endsWithSpace(line, unit, characters))) {
        characters[unit] = "";
        continue;
      }
      if (gap) {
        if (gap !== "\t") endLine();
        if (unit > 0) gaps.set(unit, gap);
        gap = "";
      }
      characters[unit] = isSpace ? " " : character;
      line.space = isSpace ? unit : undefined;
      line.isEmpty = false;
    }
  }
  endLine();
  const result = { characters, gaps };
  shown.set(document, result);
  return result;
}

/** Whether the last character that is shown before a unit is white space that is shown as one. */
function endsWithSpace({ space }: { space: number | undefined }, unit: number, characters: string[]): boolean {
  if (space === undefined) return false;
  for (let each = unit - 1; each > space; each--) if (characters[each] !== "") return false;
  return true;
}
