import createError from "http-errors";
import * as z from "zod";

import { orNotFound } from "../../http/or-not-found.ts";
import { assertOwner } from "../../http/owner-only.ts";
import { recordEvent } from "../../http/record-event.ts";
import { memberDetailRecord, memberPageRecord, presentMember, presentMemberDetail } from "../../presenters/member.ts";
import { memberQuery, membersQuery } from "../bodies/organizations.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findMember } from "../find-records.ts";
import { paginate } from "../pagination.ts";
import { userContextOf } from "../user-context.ts";
import { ownOrganization } from "./organizations.ts";

/** Who is a member of the organization, or was one. */
export const members: Resource[] = [
  {
    path: "/api/organizations/:id/memberships",
    tag: "Members",
    GET: endpoint({
      summary: "List members",
      description:
        "By username, 20 a page; `page_size=-1` is everybody, `active=true` leaves out who was removed. The page after the last is empty.",
      python: "client.organizations.members.list(id=1)",
      query: membersQuery,
      response: memberPageRecord,
      async handle(ctx, { params, query }) {
        ownOrganization(ctx.state, params.id);
        const count = await ctx.repositories.members.count(query);
        // The SDK requests pages until one is empty, so the page after the last must not be a 404.
        const { offset, limit, ...page } = paginate(ctx, query, count, { emptyPageAfterLast: true });
        const members = await ctx.repositories.members.list(query, { offset, limit });
        const userContext = userContextOf(ctx);
        const contributors = query.contributed_to_projects ? members.map(({ user }) => user.id) : [];
        const contributions = await ctx.repositories.contributions.findByUsers(contributors);
        const results = members.map((member) => presentMember(member, userContext, contributions.get(member.user.id)));
        return { ...page, results };
      },
    }),
  },
  {
    path: "/api/organizations/:id/memberships/:user_id/",
    tag: "Members",
    allow: "DELETE, GET",
    GET: endpoint({
      summary: "Get a member",
      description: "Addressed by the user's id.",
      python: "client.organizations.members.get(id=1, user_pk=2)",
      query: memberQuery,
      response: memberDetailRecord,
      async handle(ctx, { params, query }) {
        ownOrganization(ctx.state, params.id);
        const member = await findMember(ctx, params.user_id, "OrganizationMember");
        return presentMemberDetail(member, await ctx.repositories.contributions.findByUser(member.user.id), query);
      },
    }),
    DELETE: endpoint({
      summary: "Remove a member",
      description:
        "For the owner. Log-in, sessions and tokens end at once; what the person labeled stays, and the email stays taken.",
      python: "client.organizations.members.delete(id=1, user_pk=2)",
      isRefusedToKeys: true,
      status: 204,
      errors: { 403: "you are not the owner", 405: "you can't remove yourself" },
      errorSchemas: { 405: z.object({ detail: z.string() }) },
      async handle(ctx, { params }) {
        const { user } = ctx.state;
        ownOrganization(ctx.state, params.id);
        assertOwner(ctx.state, "You do not have permission to perform this action. Only the owner removes members.");
        const member = await findMember(ctx, params.user_id);
        if (member.user.id === user.id) throw createError(405, { body: { detail: "User cannot soft delete self" } });
        const wasMember = await ctx.repositories.accountStatus.remove(member.user.id);
        orNotFound(wasMember || undefined, "Member not found");
        await recordEvent(ctx, "member_removed", { user: member.user.id });
      },
    }),
  },
];
