import path from "node:path";

/** How files of people are sent: by the ending of their names alone, whatever is in them. */
interface MediaType {
  type: string;
  /** Whether a browser may show it by itself. What could hold a script is only downloaded, or shown inside a page as an image. */
  is_inline: boolean;
}

const inline: Record<string, string> = {
  ".bmp": "image/bmp",
  ".gif": "image/gif",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".flac": "audio/flac",
  ".m4a": "audio/mp4",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".wav": "audio/x-wav",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".pdf": "application/pdf",
  ".txt": "text/plain; charset=utf-8",
};

const attached: Record<string, string> = {
  ".svg": "image/svg+xml",
  ".htm": "text/html; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".xml": "application/xml",
  ".csv": "text/csv; charset=utf-8",
  ".tsv": "text/tab-separated-values; charset=utf-8",
  ".json": "application/json",
};

const unknown: MediaType = { type: "application/octet-stream", is_inline: false };

export function mediaTypeOf(name: string): MediaType {
  const extension = path.extname(name).toLowerCase();
  if (Object.hasOwn(inline, extension)) return { type: inline[extension] ?? unknown.type, is_inline: true };
  return Object.hasOwn(attached, extension) ? { type: attached[extension] ?? unknown.type, is_inline: false } : unknown;
}
