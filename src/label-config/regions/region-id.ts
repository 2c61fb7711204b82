import { randomBytes } from "node:crypto";

/** Ten characters of A-Z, a-z, 0-9, _ and -, as in Label Studio. */
export function newRegionId(): string {
  return randomBytes(8).toString("base64url").slice(0, 10);
}
