import { z } from "zod";

import { email, flagInQuery, integer, text, wishInQuery } from "./fields.ts";

/** All of it is replaced by PUT, what is given by PATCH. */
export const organizationForm = z
  .object({
    title: text({ max: 1000, required: true }),
    contact_info: z
      .preprocess((value) => (value === "" ? null : value), email().nullable())
      .meta({ anyOf: [{ type: "string", format: "idn-email", maxLength: 254 }, { const: "" }, { type: "null" }] })
      .optional(),
  })
  .meta({ id: "OrganizationReplacement" });

export const organizationChangesForm = organizationForm.partial().meta({ id: "OrganizationChanges" });

/** Minutes, at most 30 days: nobody stays logged in longer, whatever an organization says. */
const minutes = integer({ min: 1, max: 43_200 });

export const sessionPolicyForm = z
  .object({
    max_session_age: minutes.optional(),
    max_time_between_activity: minutes.optional(),
  })
  .meta({ id: "SessionPolicyChanges" });

/** What is no page size means the usual one; -1 is everybody. */
const pageSize = z
  .string()
  .transform((value) => (value === "-1" ? "all" : /^[1-9]\d{0,8}$/.test(value) ? Number(value) : 20))
  .default(20)
  .meta({ type: ["integer", "string"], default: 20, description: "-1 for everybody" });

/** `last` is the last page; what is no page is none of the list. */
const page = z
  .string()
  .transform((value) => (value === "last" ? "last" : /^\d{1,9}$/.test(value) ? Number(value) : value === "" ? 1 : 0))
  .default(1)
  .meta({ type: ["integer", "string"], default: 1, description: "from 1, or last" });

export const memberQuery = z.object({ contributed_to_projects: flagInQuery() });

export const membersQuery = memberQuery.extend({ page, page_size: pageSize, active: wishInQuery() });
