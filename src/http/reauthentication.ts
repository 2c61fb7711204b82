import createError from "http-errors";
import type * as z from "zod";

import { formatDuration } from "../common/durations.ts";
import type { Context, SignedIn } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import type { FormResult } from "../forms/form.ts";
import { currentPasswordForm } from "../forms/passwords.ts";
import type { User } from "../repositories/accounts/user-columns.ts";

type FormContext = Pick<Context, "repositories" | "request"> & { state: SignedIn };

/**
 * Checks the password that a signed-in user typed once more before a sensitive change. Returns the error for the form,
 * or undefined if the password is right. Throws 429 after too many wrong ones.
 */
export async function verifyCurrentPassword(
  { repositories: { loginThrottle, users } }: Pick<Context, "repositories">,
  user: User,
  password: string,
): Promise<string | undefined> {
  const wait = await loginThrottle.consumePasswordCheck(user.id);
  if (wait > 0) throw tooManyAttempts(wait);
  if (!(await users.hasPassword(user.id, password))) return "This is not your current password.";
  await loginThrottle.resetPasswordCheck(user.id);
  return undefined;
}

/**
 * Validates a submitted form, and then the requester's own password in it. Throws 429 after too many wrong ones.
 */
export async function submitWithPassword<Form extends z.ZodType<{ current_password: string }>>(
  ctx: FormContext,
  form: Form,
): Promise<FormResult<z.output<Form>>> {
  const result = await submit(form, ctx.request.body);
  if (!result.ok) return result;
  const error = await verifyCurrentPassword(ctx, ctx.state.user, result.data.current_password);
  return error === undefined ? result : invalidForm(ctx.request.body, { current_password: [error] });
}

/**
 * Returns why the password that a form was sent with is not the requester's own, by field; undefined if it is. Throws 429 after
 * too many wrong ones.
 */
export async function ownPasswordErrors(ctx: FormContext): Promise<Record<string, string[]> | undefined> {
  const { current_password } = currentPasswordForm.parse(Object(ctx.request.body));
  if (current_password === "") return { current_password: ["Enter your password."] };
  const error = await verifyCurrentPassword(ctx, ctx.state.user, current_password);
  return error === undefined ? undefined : { current_password: [error] };
}

function tooManyAttempts(seconds: number): Error {
  return createError(429, "Too many wrong passwords", {
    headers: { "Retry-After": String(seconds) },
    explanation: {
      title: "Too many wrong passwords",
      text: `Nothing was changed. Wait ${formatDuration(seconds)}, then try again.`,
    },
  });
}
