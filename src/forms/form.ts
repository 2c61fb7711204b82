import { z } from "zod";

import { findUnstorableFields } from "../common/text-validation.ts";

export type Submission<Data> =
  | { ok: true; data: Data }
  | { ok: false; values: Record<string, unknown>; errors: Record<string, string[] | undefined> };

/** Checks what was sent: either all of it is right, or what was typed comes back with what to do, field by field. */
export async function submit<Form extends z.ZodType>(form: Form, body: unknown): Promise<Submission<z.output<Form>>> {
  const sent = body ?? {};
  const result = await form.safeParseAsync(sent);
  const unkept = result.success && findUnstorableFields(result.data);
  if (unkept) return refuse(sent, unkept);
  if (result.success) return { ok: true, data: result.data };
  return { ok: false, values: withoutPasswords(sent), errors: z.flattenError(result.error).fieldErrors };
}

/** A form that was right in itself, refused for a reason that only the database knows. */
export function refuse(body: unknown, errors: Record<string, string[]>): Submission<never> {
  return { ok: false, values: withoutPasswords(body ?? {}), errors };
}

function withoutPasswords(sent: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(sent)).filter(([name]) => !name.includes("password")));
}

/** A check box: there when it is ticked. Upstream's page sends `true` or `false` in its place. */
export const checkbox = z
  .unknown()
  .optional()
  .transform((value) => value === "on" || value === "true" || value === true);
