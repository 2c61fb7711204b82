import createError from "http-errors";
import * as z from "zod";

import type { SignedIn } from "../../context.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { assertOwner } from "../../http/owner-only.ts";
import { verifyCurrentPassword } from "../../http/reauthentication.ts";
import { recordEvent } from "../../http/record-event.ts";
import { presentPerson } from "../../presenters/person.ts";
import type { EventName } from "../../repositories/accounts/events.ts";
import type { Person, Status } from "../../repositories/accounts/people.ts";
import type { Repositories } from "../../repositories/index.ts";
import { ownershipBody, statusBody } from "../bodies/user-status.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { noMatch } from "../find-records.ts";

const statusRecord = z
  .object({
    id: z.int(),
    email: z.string(),
    role: z.enum(["owner", "member"]),
    status: z.enum(["active", "deactivated", "removed"]),
  })
  .meta({ id: "UserStatus" });

const refusals = { 403: "you are not the owner", 404: "no such user" };

/** Who may log in, and who owns the organization: for the owner. Label Studio has none of this. */
export const userStatus: Resource[] = [
  {
    path: "/api/users/:id/status/",
    tag: "Users",
    GET: endpoint({
      summary: "Get a user's status",
      description: "Owner only. Under their own name, also of somebody who was removed.",
      python: 'requests.get(f"{url}/api/users/2/status/", headers=headers)',
      response: statusRecord,
      errors: refusals,
      handle: async (ctx, { params }) => present(ctx, await findPerson(ctx, params.id)),
    }),
    PATCH: endpoint({
      summary: "Deactivate, activate, remove or restore a user",
      description:
        "Owner only. Who is not active can't log in, and their sessions and tokens have ended. Id and annotations stay.",
      python: 'requests.patch(f"{url}/api/users/2/status/", headers=headers, json={"status": "deactivated"})',
      body: statusBody,
      example: { status: "deactivated" },
      response: statusRecord,
      errors: { ...refusals, 409: "the user is the owner" },
      isRefusedToKeys: true,
      async handle(ctx, { params, body }) {
        const person = await findPerson(ctx, params.id);
        if (person.id === ctx.state.organization.created_by_id && body.status !== "active")
          throw createError(409, "The owner can't be deactivated or removed. Hand over the ownership first.");
        for (const { event, change } of stepsTo(person.status, body.status))
          if (await change(ctx.repositories.accountStatus, person.id))
            await recordEvent(ctx, event, { user: person.id });
        return present(ctx, await findPerson(ctx, person.id));
      },
    }),
  },
  {
    path: "/api/users/:id/sessions/",
    tag: "Users",
    DELETE: endpoint({
      summary: "Log a user out everywhere",
      description: "Owner only.",
      python: 'requests.delete(f"{url}/api/users/2/sessions/", headers=headers)',
      status: 204,
      errors: refusals,
      isRefusedToKeys: true,
      async handle(ctx, { params }) {
        const person = await findPerson(ctx, params.id);
        const sessions = await ctx.repositories.accountStatus.endSessions(person.id);
        if (sessions > 0) await recordEvent(ctx, "session_ended", { user: person.id, sessions });
      },
    }),
  },
  {
    path: "/api/users/:id/tokens/",
    tag: "Users",
    DELETE: endpoint({
      summary: "End all tokens of a user",
      description: "Owner only. Personal access tokens and keys end; the legacy token is replaced by another one.",
      python: 'requests.delete(f"{url}/api/users/2/tokens/", headers=headers)',
      status: 204,
      errors: { ...refusals, 409: "the user is not an active member: their tokens have ended" },
      isRefusedToKeys: true,
      async handle(ctx, { params }) {
        const person = await findPerson(ctx, params.id);
        if (person.status !== "active")
          throw createError(409, `This user is ${person.status}: their tokens have ended.`);
        await ctx.repositories.accountStatus.endTokens(person.id);
        await recordEvent(ctx, "authn_token_revoked", { user: person.id });
      },
    }),
  },
  {
    path: "/api/users/:id/make-owner/",
    tag: "Users",
    POST: endpoint({
      summary: "Hand over the ownership",
      description: "Owner only. There is one owner: you are a member afterwards.",
      python: 'requests.post(f"{url}/api/users/2/make-owner/", headers=headers, json={"password": password})',
      body: ownershipBody,
      example: { password: "correct horse battery" },
      response: statusRecord,
      errors: {
        ...refusals,
        409: "the user is no active member, or owns the organization",
        429: "too many wrong passwords",
      },
      isRefusedToKeys: true,
      async handle(ctx, { params, body }) {
        const { user, organization } = ctx.state;
        const person = await findPerson(ctx, params.id);
        const error = await verifyCurrentPassword(ctx, user, body.password);
        if (error) throw validationError({ password: [error] });
        if (!(await ctx.repositories.accountStatus.makeOwner(person.id, { from: user.id })))
          throw createError(409, "Only another active member can become the owner.");
        await recordEvent(ctx, "privilege_permissions_changed", { user: person.id });
        return presentStatus(person, { ...organization, created_by_id: person.id });
      },
    }),
  },
];

interface Step {
  event: EventName;
  change: (accountStatus: Repositories["accountStatus"], id: number) => Promise<boolean>;
}

const deactivate: Step = { event: "user_deactivated", change: (status, id) => status.deactivate(id) };
const activate: Step = { event: "user_activated", change: (status, id) => status.activate(id) };
const remove: Step = { event: "member_removed", change: (status, id) => status.remove(id) };
const restore: Step = { event: "member_restored", change: (status, id) => status.restore(id) };

/** What leads from one status to another. */
function stepsTo(from: Status, to: Status): Step[] {
  if (from === to) return [];
  if (to === "removed") return [remove];
  if (to === "active") return [from === "removed" ? restore : activate];
  return from === "removed" ? [restore, deactivate] : [deactivate];
}

/** Returns the user, also one who was removed. Throws 403 for all but the owner, and 404. */
async function findPerson({ repositories, state }: RequestContext & { state: SignedIn }, id: number): Promise<Person> {
  assertOwner(state, "Only the organization owner decides who may log in");
  return orNotFound(await repositories.people.find(id), noMatch("User"));
}

function present({ state: { organization } }: { state: SignedIn }, person: Person) {
  return presentStatus(person, organization);
}

function presentStatus(person: Person, organization: { created_by_id: number | null }): z.output<typeof statusRecord> {
  const { id, email, role, status } = presentPerson(person, organization);
  return { id, email, role, status };
}
