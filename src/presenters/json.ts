import { z } from "zod";

import { JsonText } from "../json.ts";

/** A JSON value that was kept as it came, and is given back so. */
export const keptJson = z.custom<JsonText>((value) => value instanceof JsonText);

/** A JSON array, or null. */
export const keptList = keptJson.meta({ type: ["array", "null"], description: "as it was sent" });

export const keptObject = keptJson.meta({ type: ["object", "array"], description: "as it was sent" });
