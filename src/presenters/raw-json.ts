import * as z from "zod";

import type { RawJson } from "../common/raw-json.ts";

/** A JSON value that is stored and returned as it was sent, so the schema allows any value. */
const rawJson: z.ZodType<RawJson, RawJson> = z.any();

/** A JSON array, or null. */
export const rawJsonList = rawJson.meta({ type: ["array", "null"], description: "as it was sent" });

export const rawJsonObject = rawJson.meta({ type: ["object", "array"], description: "as it was sent" });
