import * as z from "zod";

import { isStale } from "../repositories/accounts/api-keys.ts";
import type { ApiKey } from "../repositories/accounts/api-keys.ts";
import { formatTimestamp, timestamp } from "./timestamp.ts";

export const apiKeyRecord = z
  .object({
    id: z.int(),
    name: z.string(),
    last_four: z.string().describe("the end of the key"),
    read_only: z.boolean(),
    created_at: timestamp,
    expires_at: timestamp.nullable().describe("null for never"),
    last_used_at: timestamp.nullable(),
    stale: z.boolean().describe("not used for 90 days"),
  })
  .meta({ id: "ApiKey" });

export const newApiKeyRecord = apiKeyRecord
  .extend({ key: z.string().describe("the whole key, in this answer only") })
  .meta({ id: "NewApiKey" });

export function presentApiKey(key: ApiKey): z.output<typeof apiKeyRecord> {
  return {
    id: key.id,
    name: key.name,
    last_four: key.last_four,
    read_only: key.is_read_only,
    created_at: formatTimestamp(key.created_at),
    expires_at: key.expires_at && formatTimestamp(key.expires_at),
    last_used_at: key.last_used_at && formatTimestamp(key.last_used_at),
    stale: isStale(key),
  };
}
