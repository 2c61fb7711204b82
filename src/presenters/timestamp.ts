import { z } from "zod";

import type { Timestamp } from "../common/timestamps.ts";

export const timestamp = z.iso.datetime().describe("UTC");

/** As upstream writes it: without microseconds where there are none. */
export function formatTimestamp(at: Timestamp): string {
  return at.replace(".000000Z", "Z");
}
