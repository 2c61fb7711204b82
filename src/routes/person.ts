import { Router } from "@koa/router";
import createError from "http-errors";

import { parseId } from "../common/ids.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { personQuery } from "../forms/people.ts";
import { ownPasswordErrors } from "../http/reauthentication.ts";
import { recordEvent } from "../http/record-event.ts";
import { sendAfterAnswer } from "../http/send-after-answer.ts";
import type { Message } from "../mail/mailer.ts";
import { twoFactorDisabledMessage } from "../mail/messages.ts";
import { findOther, findVisiblePerson, renderPerson } from "../pages/person-page.ts";
import { nameOrEmail, organizationName } from "../rendering/display-names.ts";
import type { EventName } from "../repositories/accounts/events.ts";
import type { Person } from "../repositories/accounts/people.ts";
import type { Repositories } from "../repositories/index.ts";
import { canManagePeople } from "../security/permissions.ts";

/** A person's page, and what the owner does there: who may log in, and who owns the organization. */
export const person = new Router<SignedIn, AppContext>({ prefix: "/people/:id" });

person.get("/", async (ctx) => {
  const { ask } = personQuery.parse(ctx.query);
  const asked = canManagePeople(ctx.state.user, ctx.state.organization) ? ask : undefined;
  await renderPerson(ctx, await findVisiblePerson(ctx, parseId(ctx.params.id)), { ...(asked && { asked }) });
});

/** What the owner does to another person. `change` returns false if that was done before. */
interface Change {
  path: string;
  event: EventName;
  change: (status: Repositories["accountStatus"], id: number) => Promise<boolean>;
  done: (name: string) => string;
  /** Notifies the person, where mail can be sent. */
  mail?: (to: string, organization: string) => Message;
}

const changes: Change[] = [
  {
    path: "/deactivate",
    event: "user_deactivated",
    change: (status, id) => status.deactivate(id),
    done: (name) => `${name} deactivated`,
  },
  {
    path: "/activate",
    event: "user_activated",
    change: (status, id) => status.activate(id),
    done: (name) => `${name} can log in again`,
  },
  {
    path: "/remove",
    event: "member_removed",
    change: (status, id) => status.remove(id),
    done: (name) => `${name} removed`,
  },
  {
    path: "/restore",
    event: "member_restored",
    change: (status, id) => status.restore(id),
    done: (name) => `${name} is a member again`,
  },
  {
    path: "/log-out",
    event: "session_ended",
    change: async (status, id) => (await status.endSessions(id)) > 0,
    done: (name) => `${name} logged out`,
  },
  {
    path: "/revoke-tokens",
    event: "authn_token_revoked",
    change: async (status, id) => {
      await status.endTokens(id);
      return true;
    },
    done: (name) => `Tokens of ${name} revoked`,
  },
  // For somebody whose phone and recovery codes are gone.
  {
    path: "/disable-2fa",
    event: "authn_mfa_disabled",
    change: (status, id) => status.disableTwoFactor(id),
    done: (name) => `Two-factor of ${name} turned off`,
    mail: (to, organization) => twoFactorDisabledMessage(to, { organization, by_owner: true }),
  },
];

for (const { path, event, change, done, mail } of changes)
  person.post(path, async (ctx) => {
    const other = await findOther(ctx, parseId(ctx.params.id));
    if (await change(ctx.repositories.accountStatus, other.id)) {
      await recordEvent(ctx, event, { user: other.id });
      const organization = organizationName(ctx.state.organization);
      if (mail) sendAfterAnswer(ctx, async () => mail(other.email, organization));
      ctx.flash(done(nameOrEmail(other)));
    }
    ctx.redirect(`/people/${other.id}`);
  });

person.post("/make-owner", async (ctx) => {
  const { user } = ctx.state;
  const other = await findOther(ctx, parseId(ctx.params.id));
  const errors = await ownPasswordErrors(ctx);
  if (errors) {
    ctx.status = 422;
    return renderPerson(ctx, other, { asked: "make-owner", errors });
  }
  if (!(await ctx.repositories.accountStatus.makeOwner(other.id, { from: user.id }))) throw notActiveError(other);
  await recordEvent(ctx, "privilege_permissions_changed", { user: other.id });
  ctx.flash(`${nameOrEmail(other)} is the owner now`);
  ctx.redirect(`/people/${other.id}`);
});

function notActiveError(other: Person): Error {
  return createError(409, "Not an active member", {
    explanation: {
      title: "The ownership was not handed over",
      text: `Only an active member can own the organization, and ${nameOrEmail(other)} is none, or you are no longer the owner yourself.`,
    },
  });
}
