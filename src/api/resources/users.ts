import createError from "http-errors";
import * as z from "zod";

import { orNotFound } from "../../http/or-not-found.ts";
import { assertOwner } from "../../http/owner-only.ts";
import { recordEvent } from "../../http/record-event.ts";
import { deleteAccount } from "../../pages/personal-data.ts";
import { presentMemberUser, presentUser, userRecord } from "../../presenters/user.ts";
import type { Member } from "../../repositories/accounts/members.ts";
import { UniqueViolationError } from "../../repositories/errors.ts";
import { roleOf } from "../../security/permissions.ts";
import { readBatches, mapBatches } from "../keyset-pagination.ts";
import { newUserBody, userChangesBody } from "../bodies/users.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findMember, noMatch } from "../find-records.ts";
import { jsonArray } from "../json-stream.ts";
import { userContextOf } from "../user-context.ts";

/** All who are or were members. Users change themselves; only the owner changes and deletes others. */
export const users: Resource[] = [
  {
    path: "/api/users/",
    tag: "Users",
    allow: "GET, POST, HEAD",
    GET: endpoint({
      summary: "List users",
      description: "Everyone who is or was a member, sorted by id. Removed ones appear as Deleted User.",
      python: "client.users.list()",
      response: z.array(userRecord),
      async handle(ctx) {
        const userContext = userContextOf(ctx);
        const read = async (last: Member | undefined, limit: number) =>
          ctx.repositories.members.listAfter(last?.user.id ?? 0, limit);
        const present = (members: Member[]) => members.map((member) => presentMemberUser(member, userContext));
        return jsonArray(mapBatches(readBatches(read, { batchSize: 500 }), present));
      },
    }),
    POST: endpoint({
      summary: "Create a user",
      description:
        "The user is a member at once. Without `password` they choose one by a link: `POST /api/users/{id}/reset-link/`.",
      python: 'client.users.create(username="ann", email="ann@example.com", first_name="Ann")',
      example: { username: "ann", email: "ann@example.com", first_name: "Ann" },
      isRefusedToKeys: true,
      body: (config) => newUserBody(config.password_min_length),
      status: 201,
      response: userRecord,
      errors: { 429: "too many passwords at once: try again later" },
      async handle(ctx, { body }) {
        const created = await ctx.repositories.users.create(body).catch(throwEmailInUse);
        await recordEvent(ctx, "user_created", { user: created.id });
        return presentUser(created, userContextOf(ctx));
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
      response: userRecord,
      async handle(ctx, { params }) {
        const member = await findMember(ctx, params.id);
        return presentMemberUser(member, userContextOf(ctx));
      },
    }),
    PATCH: endpoint({
      summary: "Change a user",
      description: "Your own record; the owner can change everybody's. Fields left out stay as they are.",
      python: 'client.users.update(id=1, first_name="Ann")',
      isRefusedToKeys: true,
      example: { first_name: "Ann" },
      body: userChangesBody,
      response: userRecord,
      errors: { 403: "not your own record, and you are not the owner", 405: "`email` can't be changed" },
      async handle(ctx, { params, body: { email, ...changes } }) {
        const member = await findMember(ctx, params.id);
        const { user } = orNotFound(member.deleted_at === null ? member : undefined, noMatch("User"));
        if (user.id !== ctx.state.user.id) assertOwner(ctx.state, "Only the organization owner can change other users");
        if (email !== undefined) throw createError(405, "Cannot update read-only field: email");
        await ctx.repositories.users.update(user.id, changes);
        return presentMemberUser(await findMember(ctx, user.id), userContextOf(ctx));
      },
    }),
    DELETE: endpoint({
      summary: "Delete a user for good",
      description:
        "Owner only. Sessions and tokens end at once; the email can sign up again. The name stays where the organization keeps those of former members.",
      python: "client.users.delete(id=2)",
      isRefusedToKeys: true,
      status: 204,
      errors: { 403: "you are not the owner, or the user is" },
      async handle(ctx, { params }) {
        const { user } = await findMember(ctx, params.id);
        const isOwner = roleOf(user, ctx.state.organization) === "Owner";
        if (!isOwner) assertOwner(ctx.state, "Only the organization owner can delete users");
        if (isOwner) throw createError(403, "The organization owner cannot be deleted");
        await deleteAccount(ctx, user);
      },
    }),
  },
];

function throwEmailInUse(error: unknown): never {
  if (!(error instanceof UniqueViolationError) || error.field !== "email") throw error;
  throw validationError({ email: ["user with this email address already exists."] });
}
