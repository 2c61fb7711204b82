import { z } from "zod";

import type { RawJson } from "../common/raw-json.ts";

/** A JSON value that was kept as it came, and is given back so: the document can't say what it is. */
export const rawJson: z.ZodType<RawJson, RawJson> = z.any();

/** A JSON array, or null. */
export const rawJsonList = rawJson.meta({ type: ["array", "null"], description: "as it was sent" });

export const rawJsonObject = rawJson.meta({ type: ["object", "array"], description: "as it was sent" });
