import { Readable } from "node:stream";

import createError from "http-errors";
import { z } from "zod";

import type { AppContext, SignedIn } from "../../context.ts";
import { newUserForm, userChangesForm } from "../bodies/users.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { canManagePeople, roleOf } from "../../security/permissions.ts";
import { presentMemberUser, presentUser, userRecord } from "../../presenters/user.ts";
import type { UserContext } from "../../presenters/user.ts";
import { UniqueViolationError } from "../../repositories/errors.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { jsonArray } from "../json-stream.ts";
import { userContext } from "../user-context.ts";

const noUser = "No User matches the given query.";

/** Everyone in the organization. Others than oneself are changed and deleted by the owner. */
export const users: Resource[] = [
  {
    path: "/api/users/",
    tag: "Users",
    allow: "GET, POST, HEAD",
    GET: endpoint({
      summary: "List users",
      description: "Everyone who is or was a member, by id. Those who were removed are shown as Deleted User.",
      python: "client.users.list()",
      answer: z.array(userRecord),
      handle: async (ctx) => Readable.from(jsonArray(everyone(ctx.repositories, await userContext(ctx)))),
    }),
    POST: endpoint({
      summary: "Create a user",
      description: "A member at once. Without `password`, set one at the shell: `label-studio reset_password`.",
      python: 'client.users.create(username="ann", email="ann@example.com", first_name="Ann")',
      example: { username: "ann", email: "ann@example.com", first_name: "Ann" },
      body: (config) => newUserForm(config.password_min_length),
      status: 201,
      answer: userRecord,
      refusals: { 429: "too many passwords at once: try again" },
      async handle(ctx, { body }) {
        const made = await ctx.repositories.users.create(body).catch(refuseTaken);
        ctx.log.info({ event: "user_created", user: made.id, by: ctx.state.user.id, ip: ctx.ip }, "user created");
        return presentUser(made, await userContext(ctx));
      },
    }),
  },
  {
    path: "/api/users/:id/",
    tag: "Users",
    allow: "GET, HEAD, PATCH, DELETE",
    GET: endpoint({
      summary: "Get a user",
      python: "client.users.get(id=1)",
      answer: userRecord,
      async handle(ctx, { params }) {
        const member = orNotFound(await ctx.repositories.members.find(params.id), noUser);
        return presentMemberUser(member, await userContext(ctx));
      },
    }),
    PATCH: endpoint({
      summary: "Change a user",
      description: "Oneself, or for the owner everybody. What is left out stays.",
      python: 'client.users.update(id=1, first_name="Ann")',
      example: { first_name: "Ann" },
      body: userChangesForm,
      answer: userRecord,
      refusals: { 403: "it is somebody else, and you are not the owner", 405: "`email` can't be changed" },
      async handle(ctx, { params, body: { email, ...changes } }) {
        const { members, users } = ctx.repositories;
        const member = await members.find(params.id);
        const { user } = orNotFound(member?.deleted_at === null ? member : undefined, noUser);
        if (user.id !== ctx.state.user.id)
          requireOwner(ctx.state, "Only the organization owner can change other users");
        if (email !== undefined) throw createError(405, "Cannot update read-only field: email");
        await users.update(user.id, changes);
        return presentMemberUser(orNotFound(await members.find(user.id), noUser), await userContext(ctx));
      },
    }),
    DELETE: endpoint({
      summary: "Delete a user for good",
      description: "For the owner. Sessions and tokens end at once; the email can sign up again.",
      python: "client.users.delete(id=2)",
      status: 204,
      refusals: { 403: "you are not the owner, or it is the owner who would be deleted" },
      async handle(ctx, { params }) {
        const { user } = orNotFound(await ctx.repositories.members.find(params.id), noUser);
        if (roleOf(user, ctx.state.organization) === "Owner") {
          throw createError(403, "The organization owner cannot be deleted");
        }
        requireOwner(ctx.state, "Only the organization owner can delete users");
        await ctx.repositories.users.delete(user.id);
        ctx.log.info({ event: "user_deleted", user: user.id, by: ctx.state.user.id, ip: ctx.ip }, "user deleted");
      },
    }),
  },
];

/** All users in pieces, so that many neither fill the memory nor hold up other requests. */
async function* everyone({ members }: AppContext["repositories"], around: UserContext) {
  let batch = await members.listAfter(0, 500);
  while (batch.length > 0) {
    yield batch.map((member) => presentMemberUser(member, around));
    batch = await members.listAfter(batch.at(-1)?.user.id ?? Infinity, 500);
  }
}

function refuseTaken(error: unknown): never {
  if (!(error instanceof UniqueViolationError) || error.field !== "email") throw error;
  const validation_errors = { email: ["user with this email address already exists."] };
  throw createError(400, "Validation error", { validation_errors });
}

function requireOwner({ user, organization }: SignedIn, message: string): void {
  if (!canManagePeople(user, organization)) throw createError(403, message);
}
