import { Router } from "@koa/router";
import createError from "http-errors";

import { parseId } from "../common/ids.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { newEmailForm } from "../forms/account.ts";
import { invalidForm, submit } from "../forms/form.ts";
import { announceEmailChange } from "../http/email-changes.ts";
import { assertCanManagePeople } from "../http/owner-only.ts";
import { verifyCurrentPassword } from "../http/reauthentication.ts";
import { findVisiblePerson } from "../pages/person-page.ts";
import { nameOrEmail } from "../rendering/display-names.ts";
import type { Person } from "../repositories/accounts/people.ts";
import { UniqueViolationError } from "../repositories/errors.ts";

/** Another email for somebody else, who is told on their next page and by mail. */
export const personEmail = new Router<SignedIn, AppContext>({ prefix: "/people/:id/email" });

personEmail.get("/", async (ctx) => {
  ctx.render("people/email", { person: await findOther(ctx) });
});

personEmail.post("/", async (ctx) => {
  const person = await findOther(ctx);
  const form = await submit(newEmailForm(person), ctx.request.body);
  const error = form.ok ? await change(ctx, person, form.data) : undefined;
  if (form.ok && !error) {
    ctx.flash(`Email of ${nameOrEmail({ ...person, email: form.data.email })} changed`);
    ctx.redirect(`/people/${person.id}`);
  } else {
    ctx.status = 422;
    ctx.render("people/email", { person, ...(error ? invalidForm(ctx.request.body, error) : form) });
  }
});

/** Returns errors by field, undefined once it is changed. */
async function change(
  ctx: Context & { state: SignedIn },
  person: Person,
  { email, current_password }: { email: string; current_password: string },
): Promise<Record<string, string[]> | undefined> {
  const passwordError = await verifyCurrentPassword(ctx, ctx.state.user, current_password);
  if (passwordError) return { current_password: [passwordError] };
  try {
    const from = await ctx.repositories.emailChanges.set(person.id, email);
    if (from !== undefined) await announceEmailChange(ctx, person.id, { from, to: email });
    return undefined;
  } catch (error) {
    if (!(error instanceof UniqueViolationError)) throw error;
    return { email: ["There is already an account with this email."] };
  }
}

/** The person of the address. Throws 403 for all but the owner, and 409 for the owner themselves. */
async function findOther(ctx: Context & { state: SignedIn; params: Record<string, string> }): Promise<Person> {
  assertCanManagePeople(ctx);
  const person = await findVisiblePerson(ctx, parseId(ctx.params.id));
  if (person.id !== ctx.state.user.id) return person;
  throw createError(409, "Your own email", {
    explanation: {
      title: "This is your own account",
      text: "Nothing was changed. Your own email is under Account & Settings, Personal info.",
    },
  });
}
