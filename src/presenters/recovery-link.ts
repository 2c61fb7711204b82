import * as z from "zod";

import type { Timestamp } from "../common/timestamps.ts";
import { formatTimestamp, timestamp } from "./timestamp.ts";

export const recoveryLinkRecord = z
  .object({ url: z.string().describe("works once; whoever opens it sets the password"), expires_at: timestamp })
  .meta({ id: "ResetLink" });

export function presentRecoveryLink(url: string, expires_at: Timestamp): z.input<typeof recoveryLinkRecord> {
  return { url, expires_at: formatTimestamp(expires_at) };
}
