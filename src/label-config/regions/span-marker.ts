import type { Granularity } from "./granularity.ts";
import { htmlSpans } from "./html-spans.ts";
import type { Marker } from "./markers.ts";
import type { Passage } from "./passages.ts";
import { paragraphSpans, textSpans } from "./spans.ts";
import type { Span, SpanFormat } from "./spans.ts";

/** A control that marks spans of a text, of HTML, or of the turns of a dialogue. */
export interface SpanMarker extends Marker {
  kind: "span";
  format: "text" | "hypertext" | "paragraphs";
  passages: Passage[];
  /** What the passage of a HyperText is parsed from; `is_inline`: into an element of the page. */
  html?: { source: string; is_inline: boolean };
  granularity: Granularity;
}

const formats: Record<SpanMarker["format"], SpanFormat> = {
  text: textSpans,
  hypertext: htmlSpans,
  paragraphs: paragraphSpans,
};

/** Where a value of a result is in the object; undefined where it is nowhere. */
export function spanOf({ format, passages }: SpanMarker, value: Record<string, unknown>): Span | undefined {
  return formats[format].read(value, passages);
}

/** The members of a value for a span within one passage. */
export function spanPlace({ format, passages }: SpanMarker, span: Span): Record<string, unknown> {
  return formats[format].write(span, passages);
}
