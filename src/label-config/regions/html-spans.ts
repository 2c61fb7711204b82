import { objectMembers } from "../task-values.ts";
import { selectionText, unitOfPath, withinTexts } from "./html-document.ts";
import type { HtmlDocument } from "./html-document.ts";
import { unitsOf } from "./passages.ts";
import type { Passage } from "./passages.ts";
import { integer } from "./spans.ts";
import type { Span, SpanFormat } from "./spans.ts";
import { writtenText } from "./text-units.ts";

/**
 * Of HyperText: XPaths of text nodes from the body, UTF-16 units in them, and code points of the whole text. Where the XPaths lead
 * nowhere, the code points count; predictions may say these alone, as `start` and `end`.
 */
export const htmlSpans: SpanFormat = {
  read(value, [passage]) {
    if (!passage?.document) return undefined;
    const { start: from, end: to } = value;
    const isPath = typeof from === "string" && typeof to === "string";
    const span = isPath
      ? (spanOfPaths(passage.document, value) ?? spanOfCodePoints(passage, objectMembers(value.globalOffsets)))
      : spanOfCodePoints(passage, value);
    const within = span && withinTexts(passage.document, span);
    return within && { from: 0, start: within.start, to: 0, end: within.end };
  },

  write({ start, end }: Span, [passage]) {
    const within = passage?.document && withinTexts(passage.document, { start, end });
    if (!within) return {};
    const { first, last } = within;
    const units = unitsOf(passage);
    return {
      start: first.path,
      startOffset: within.start - first.start,
      end: last.path,
      endOffset: within.end - last.start,
      globalOffsets: { start: units.toCodePoints(within.start), end: units.toCodePoints(within.end) },
      text: writtenText(selectionText(passage.document as HtmlDocument, within.start, within.end)),
    };
  },
};

function spanOfPaths(document: HtmlDocument, value: Record<string, unknown>) {
  const [startOffset, endOffset] = [integer(value.startOffset), integer(value.endOffset)];
  if (startOffset === undefined || endOffset === undefined) return undefined;
  const start = unitOfPath(document, String(value.start), startOffset);
  const end = unitOfPath(document, String(value.end), endOffset);
  return start === undefined || end === undefined || start >= end ? undefined : { start, end };
}

function spanOfCodePoints(passage: Passage, { start: from, end: to }: Record<string, unknown>) {
  const units = unitsOf(passage);
  const [first, last] = [integer(from), integer(to)];
  if (first === undefined || last === undefined || last > units.codePoints || first >= last) return undefined;
  return { start: units.fromCodePoints(first), end: units.fromCodePoints(last) };
}
