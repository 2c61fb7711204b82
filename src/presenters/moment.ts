import { z } from "zod";

import type { Moment } from "../common/timestamps.ts";

export const moment = z.iso.datetime().describe("UTC");

/** As upstream writes it: without microseconds where there are none. */
export function shownMoment(at: Moment): string {
  return at.replace(".000000Z", "Z");
}
