import type { ContentPart, Part } from "./parts.ts";

/** A picture, a recording or a document; `address` is undefined where a page can't load it. */
export interface Medium {
  address: string | undefined;
  text: string;
}

const kinds = { Image: "image/", Audio: "audio/", Video: "video/", Pdf: "application/pdf" } as const;

/** What a part loads or links to. */
export function mediaIn(part: Part): Medium[] {
  if (part.tag === "Paragraphs") {
    if (part.address !== undefined) return [linked(part.address)];
    return part.audio === undefined ? [] : [{ address: mediaUrl(part.audio, kinds.Audio), text: part.audio }];
  }
  if (part.tag === "TimeSeries") return part.address === undefined ? [] : [linked(part.address)];
  return "values" in part ? contentMedia(part) : [];
}

function contentMedia({ tag, values, valueType }: ContentPart): Medium[] {
  if (tag !== "Text" && tag !== "HyperText")
    return values.map((text) => ({ address: mediaUrl(text, kinds[tag]), text }));
  // A text with a URL is shown as a link: the server fetches nothing.
  return valueType === "url" ? values.map(linked) : [];
}

function linked(text: string): Medium {
  return { address: text.startsWith("data:") ? undefined : mediaUrl(text, kinds.Image), text };
}

/** The URL of an image or a recording: http(s), a path on this server, or a data URL of the right type. */
function mediaUrl(text: string, type: string): string | undefined {
  const address = text.trim();
  if (address.toLowerCase().startsWith("data:"))
    return address.toLowerCase().startsWith(`data:${type}`) ? address : undefined;
  const url = URL.canParse(address, "http://here/") ? new URL(address, "http://here/") : undefined;
  return address && url && ["http:", "https:"].includes(url.protocol) ? address : undefined;
}
