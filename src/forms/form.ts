import * as z from "zod";

import { findUnstorableFields } from "../common/text-validation.ts";

/** A submitted form: its data, or what was typed and the errors by field. */
export type FormResult<Data> =
  | { ok: true; data: Data }
  | { ok: false; values: Record<string, unknown>; errors: Record<string, string[] | undefined> };

/** Validates a submitted form. `values` of an invalid one are shown again in its page; they never hold passwords. */
export async function submit<Form extends z.ZodType>(form: Form, body: unknown): Promise<FormResult<z.output<Form>>> {
  const input = body ?? {};
  const result = await form.safeParseAsync(input);
  const unstorable = result.success && findUnstorableFields(result.data);
  if (unstorable) return invalidForm(input, unstorable);
  if (result.success) return { ok: true, data: result.data };
  return { ok: false, values: withoutPasswords(input), errors: z.flattenError(result.error).fieldErrors };
}

/** Returns a valid form as invalid after all, for an error that only the database can tell. */
export function invalidForm(body: unknown, errors: Record<string, string[]>): FormResult<never> {
  return { ok: false, values: withoutPasswords(body ?? {}), errors };
}

function withoutPasswords(input: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(input)).filter(([name]) => !name.includes("password")));
}

/** The values of a field that a form may have any number of times: parsers make text of one, and a list or an object of many. */
export function valuesOf(field: unknown): unknown[] {
  if (Array.isArray(field)) return field;
  if (field !== null && typeof field === "object") return Object.values(field);
  return field === undefined ? [] : [field];
}

/** A check box: browsers send it only if it is ticked. The forms of Label Studio send `true` or `false`. */
export const checkbox = z
  .unknown()
  .optional()
  .transform((value) => value === "on" || value === "true" || value === true);
