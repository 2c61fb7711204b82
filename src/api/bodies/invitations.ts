import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { domainPattern } from "../../forms/email.ts";
import { email, integer, text } from "./fields.ts";
import { pageNumber, pageSize } from "./query-parameters.ts";

/** A new invitation. */
export const newInvitationBody = z
  .object({
    note: text({ max: limits.invitationNote }).default("").meta({ description: "for members; guests don't see it" }),
    email: z
      .preprocess((value) => (value === "" ? undefined : value), email().optional())
      .transform((value) => value?.toLowerCase() ?? "")
      // Empty as well, which the pattern of an email is not.
      .meta({ description: "the only email that may join", minLength: 0, format: undefined, pattern: undefined }),
    domain: text({ max: limits.domain })
      .default("")
      .transform((value) => value.toLowerCase())
      .refine((value) => value === "" || domainPattern.test(value), "Enter a domain such as example.com.")
      .meta({ description: "the only domain of emails that may join" }),
    max_uses: integer({ min: 1, max: limits.invitationUses })
      .nullable()
      .default(1)
      .meta({ description: "how many people may join; null for any number" }),
    days: integer({ min: 1, max: limits.invitationDays })
      .nullable()
      .default(7)
      .meta({ description: "until it expires; null for never" }),
  })
  .meta({ id: "NewInvitationFields" });

export const invitationsQuery = z.object({
  page: pageNumber(),
  page_size: pageSize({ fallback: 20, max: 100 }),
});
