import { z } from "zod";

import type { JsonText } from "../common/raw-json.ts";

/** A JSON value that was kept as it came, and is given back so: the document can't say what it is. */
export const keptJson: z.ZodType<JsonText, JsonText> = z.any();

/** A JSON array, or null. */
export const keptList = keptJson.meta({ type: ["array", "null"], description: "as it was sent" });

export const keptObject = keptJson.meta({ type: ["object", "array"], description: "as it was sent" });
