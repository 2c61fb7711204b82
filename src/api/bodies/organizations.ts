import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { email, integer, text } from "./fields.ts";
import { lenientBoolean, pageNumber, pageSize, strictBoolean } from "./query-parameters.ts";

/** The body of a PUT, which replaces the title; a PATCH changes what it has. */
export const organizationBody = z
  .object({
    title: text({ max: limits.organizationName, required: true }),
    contact_info: z
      .preprocess((value) => (value === "" ? null : value), email().nullable())
      .meta({
        anyOf: [{ type: "string", format: "idn-email", maxLength: limits.email }, { const: "" }, { type: "null" }],
      })
      .optional(),
  })
  .meta({ id: "OrganizationReplacement" });

export const organizationChangesBody = organizationBody.partial().meta({ id: "OrganizationChanges" });

/** In minutes, at most 30 days: the limit that holds whatever an organization sets. */
const minutes = integer({ min: 1, max: 43_200 });

export const sessionPolicyBody = z
  .object({
    max_session_age: minutes.optional(),
    max_time_between_activity: minutes.optional(),
  })
  .meta({ id: "SessionPolicyChanges" });

export const memberQuery = z.object({ contributed_to_projects: strictBoolean() });

export const membersQuery = memberQuery.extend({
  page: pageNumber({ emptyIsFirst: true }).meta({ description: "from 1, or last" }),
  page_size: pageSize({ fallback: 20, allowAll: true }).meta({ description: "-1 for everybody" }),
  active: lenientBoolean(),
});
