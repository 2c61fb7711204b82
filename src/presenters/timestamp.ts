import * as z from "zod";

import type { Timestamp } from "../common/timestamps.ts";

export const timestamp = z.iso.datetime().describe("UTC");

/** Writes a timestamp as Label Studio does: without microseconds if they are zero. */
export function formatTimestamp(time: Timestamp): string {
  return time.replace(".000000Z", "Z");
}
