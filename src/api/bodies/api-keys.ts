import * as z from "zod";

import { longestTokenDays } from "../../forms/account.ts";
import { boolean, integer, text } from "./fields.ts";

/** A new key. */
export const newApiKeyBody = z
  .object({
    name: text({ max: 100, required: true }),
    days: integer({ min: 1, max: longestTokenDays })
      .nullable()
      .default(90)
      .meta({ description: "until it expires, within the organization's limit; null for never" }),
    read_only: boolean().default(false),
  })
  .meta({ id: "NewApiKeyFields" });
