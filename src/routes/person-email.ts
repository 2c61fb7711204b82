import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { newEmailForm } from "../forms/account.ts";
import { invalidForm } from "../forms/form.ts";
import { announceEmailChange, emailInUseMessage } from "../http/email-changes.ts";
import { submitWithPassword } from "../http/reauthentication.ts";
import { findOther } from "../pages/person-page.ts";
import { nameOrEmail } from "../rendering/display-names.ts";
import type { Person } from "../repositories/accounts/people.ts";

/** Another email for somebody else, who is notified on their next page and by mail. */
export const personEmail = new Router<SignedIn, AppContext>({ prefix: "/people/:id/email" });

personEmail.get("/", async (ctx) => {
  ctx.render("people/email", { person: await findPerson(ctx) });
});

personEmail.post("/", async (ctx) => {
  const person = await findPerson(ctx);
  const form = await submitWithPassword(ctx, newEmailForm(person));
  if (!form.ok) return refuse(ctx, person, form);
  const { email } = form.data;
  try {
    const from = await ctx.repositories.emailChanges.set(person.id, email);
    if (from !== undefined) await announceEmailChange(ctx, person.id, { from, to: email });
  } catch (error) {
    return refuse(ctx, person, invalidForm(ctx.request.body, { email: [emailInUseMessage(error)] }));
  }
  ctx.flash(`Email of ${nameOrEmail({ ...person, email })} changed`);
  ctx.redirect(`/people/${person.id}`);
});

function refuse(ctx: Pick<Context, "render" | "status">, person: Person, form: object): void {
  ctx.status = 422;
  ctx.render("people/email", { person, ...form });
}

/** The person of the address. Throws 403 for all but the owner, and 409 for the owner themselves. */
async function findPerson(ctx: Context & { state: SignedIn; params: Record<string, string> }): Promise<Person> {
  return findOther(ctx, parseId(ctx.params.id), {
    title: "This is your own account",
    text: "Nothing was changed. Your own email is under Account & Settings, Personal info.",
  });
}
