/** Limits of an uploaded image: the file's bytes, pixels of each side, and seconds to convert it. */
export const imageLimits = { bytes: 1024 * 1024, pixels: 1200, seconds: 10 };

/** The message to the worker thread that makes a thumbnail. */
export interface ThumbnailRequest {
  /** The file's extension in lower case, without the dot. */
  extension: string;
  bytes: Uint8Array;
}

/** The worker's message back: the thumbnail, or an error message for the user. */
export type ThumbnailResult = { type: "image/png" | "image/jpeg"; image: Uint8Array } | { error: string };
