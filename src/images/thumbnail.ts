/** What an uploaded image may be. */
export const imageLimits = { bytes: 1024 * 1024, pixels: 1200, seconds: 10 };

/** What is asked of the thread that makes thumbnails. */
export interface ThumbnailRequest {
  /** The file's extension in lower case, without the dot. */
  extension: string;
  bytes: Uint8Array;
}

/** What it answers: the thumbnail, or what to tell the person. */
export type ThumbnailResult = { type: "image/png" | "image/jpeg"; image: Uint8Array } | { refused: string };
