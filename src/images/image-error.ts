import { imageLimits } from "./thumbnail.ts";

/** An image that is refused; the message is for the user. */
export class ImageError extends Error {}

export function unreadable(): ImageError {
  return new ImageError("This image can't be read. Try another one.");
}

/** Throws for an image of no pixels, or of more than the limit. Decoders must be given no image that did not pass. */
export function assertSize(width: number, height: number): void {
  const { pixels } = imageLimits;
  if (width === 0 || height === 0) throw unreadable();
  if (width > pixels || height > pixels)
    throw new ImageError(`This image is ${width} x ${height} pixels. Choose one of at most ${pixels} x ${pixels}.`);
}
