import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { pythonType } from "../../common/python-repr.ts";
import { findPasswordError } from "../../security/password-policy.ts";
import { passwordMaxLength } from "../../security/passwords.ts";
import { dateTime, lowerCaseEmail, nullableBoolean, text } from "./fields.ts";
import { hotkeys } from "./hotkeys.ts";

/** Checked as in Label Studio, and otherwise ignored: there is one organization, whose id is 1. */
const organizationId = z
  .unknown()
  .transform((value, context) => {
    if (value === null || value === "" || value === 1 || value === "1") return undefined;
    const isKey = typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
    context.addIssue(
      isKey
        ? `Invalid pk "${value}" - object does not exist.`
        : `Incorrect type. Expected pk value, received ${pythonType(value)}.`,
    );
    return z.NEVER;
  })
  .meta({
    type: ["integer", "null", "string"],
    enum: [1, null, ""],
    description: "ignored: there is one organization",
  });

const profile = {
  first_name: text({ max: limits.personName }).optional(),
  last_name: text({ max: limits.personName }).optional(),
  phone: text({ max: limits.personName }).optional(),
  allow_newsletters: nullableBoolean().optional(),
  active_organization: organizationId.optional(),
  custom_hotkeys: hotkeys.transform((value) => JSON.stringify(value)).optional(),
  date_joined: dateTime().optional(),
};

/** A new user. One without a password chooses it by a link. */
export function newUserBody(minLength: number) {
  return z
    .object({
      username: text({ max: limits.personName, required: true }),
      email: lowerCaseEmail(),
      password: z.string("Not a valid string.").describe(`${minLength} to ${passwordMaxLength} characters`).optional(),
      ...profile,
    })
    .superRefine(async (user, context) => {
      if (user.password === undefined) return;
      const message = await findPasswordError(user.password, minLength, user);
      if (message) context.addIssue({ code: "custom", path: ["password"], message });
    })
    .meta({ id: "NewUser" });
}

/** Changes of a user. The handler refuses an `email`, so that nothing is saved beside it. */
export const userChangesBody = z
  .object({
    username: text({ max: limits.personName, required: true }).optional(),
    email: z.unknown().optional().describe("can't be changed"),
    ...profile,
  })
  .meta({ id: "UserChanges" });
