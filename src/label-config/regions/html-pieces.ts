import { randomUUID } from "node:crypto";

import type { HtmlDocument } from "./html-document.ts";
import { unitsOf } from "./passages.ts";
import type { Passage } from "./passages.ts";

/** Markup that is safe to render, or a text in it: white space as it is, or with its buttons and regions. */
export type HtmlPiece<Segment> =
  | { html: string }
  | {
      /** Where it begins, as browsers count. */
      start: number;
      segments: Segment[];
    };

const sanitized = new WeakMap<HtmlDocument, (string | number)[]>();

/** The markup of a document, sanitized, and the texts in it. */
export function htmlPieces<Segment>(
  passage: Passage,
  document: HtmlDocument,
  clean: (html: string) => string,
  segmentsOf: (extract: { start: number; end: number }) => Segment[],
): HtmlPiece<Segment>[] {
  const { text, texts } = document;
  const pieces = sanitized.get(document) ?? sanitizedPieces(document, clean);
  sanitized.set(document, pieces);
  return pieces.flatMap((piece, index): HtmlPiece<Segment>[] => {
    if (typeof piece === "string") return [{ html: piece + lostLineEnd(piece, pieces[index + 1], document) }];
    const { start, end } = texts[piece] ?? { start: 0, end: 0 };
    const value = text.slice(start, end);
    // Spaces between cells are no place for elements.
    if (value.trim() === "") return [{ html: value }];
    return [{ start: unitsOf(passage).toBrowserUnits(start), segments: segmentsOf({ start, end }) }];
  });
}

/**
 * Markup that is safe to render, and between it the indices of texts. What is sanitized has tokens that nobody can guess in place of texts,
 * so that the sanitizer sees all that people wrote as markup, and nothing else is ever taken for it.
 */
function sanitizedPieces({ pieces }: HtmlDocument, clean: (html: string) => string): (string | number)[] {
  const token = `text-${randomUUID()}-`;
  const markup = pieces.map((piece) => (typeof piece === "number" ? `${token}${piece};` : piece)).join("");
  const [first = "", ...others] = clean(markup).split(token);
  return [
    first,
    ...others.flatMap((other) => {
      const at = other.indexOf(";");
      return [Number(other.slice(0, at)), other.slice(at + 1)];
    }),
  ];
}

/** Browsers take the first line end of a pre away: one more for texts that begin with one. */
function lostLineEnd(html: string, next: string | number | undefined, { text, texts }: HtmlDocument): string {
  const isBeforeLineEnd = typeof next === "number" && text.startsWith("\n", texts[next]?.start);
  return isBeforeLineEnd && /<pre[^<>]*>$/.test(html) ? "\n" : "";
}
