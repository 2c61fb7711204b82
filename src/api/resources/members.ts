import createError from "http-errors";
import { z } from "zod";

import { memberQuery, membersQuery } from "../bodies/organizations.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { canManagePeople } from "../../security/permissions.ts";
import { memberDetail, memberPage, presentMember, presentMemberDetail } from "../../presenters/member.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { ownOrganization } from "./organizations.ts";
import { pageAddress } from "../pagination.ts";
import { userContext } from "../user-context.ts";

/** Who belongs to the organization, and who did. */
export const members: Resource[] = [
  {
    path: "/api/organizations/:id/memberships",
    tag: "Members",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List members",
      description:
        "By username, 20 a page; `page_size=-1` is everybody, `active=true` leaves out who was removed. The page after the last is empty.",
      python: "client.organizations.members.list(id=1)",
      query: membersQuery,
      answer: memberPage,
      async handle(ctx, { params, query }) {
        ownOrganization(ctx.state, params.id);
        const count = await ctx.repositories.members.count(query);
        const { page } = query;
        const page_size = query.page_size === "all" ? Math.max(count, 1) : query.page_size;
        const last = Math.max(1, Math.ceil(count / page_size));
        const asked = page === "last" ? last : page;
        // The SDK asks on until a page is empty; scripts that wait for a 404 get it one page later.
        if (asked < 1 || asked > last + 1) throw createError(404, "Invalid page.");
        const listed = await ctx.repositories.members.list(query, {
          offset: (asked - 1) * page_size,
          limit: page_size,
        });
        const around = await userContext(ctx);
        const askedFor = query.contributed_to_projects ? listed.map(({ user }) => user.id) : [];
        const work = await ctx.repositories.contributions.ofEach(askedFor);
        return {
          count,
          next: asked < last ? pageAddress(ctx, asked + 1) : null,
          previous: asked > 1 ? pageAddress(ctx, asked - 1) : null,
          results: listed.map((member) => presentMember(member, around, work.get(member.user.id))),
        };
      },
    }),
  },
  {
    path: "/api/organizations/:id/memberships/:user_id/",
    tag: "Members",
    allow: "DELETE, GET",
    GET: endpoint({
      summary: "Get a member",
      description: "By the id of the user.",
      python: "client.organizations.members.get(id=1, user_pk=2)",
      query: memberQuery,
      answer: memberDetail,
      async handle(ctx, { params, query }) {
        ownOrganization(ctx.state, params.id);
        const member = orNotFound(
          await ctx.repositories.members.find(params.user_id),
          "No OrganizationMember matches the given query.",
        );
        return presentMemberDetail(member, await ctx.repositories.contributions.findByUser(member.user.id), query);
      },
    }),
    DELETE: endpoint({
      summary: "Remove a member",
      description:
        "For the owner. Log-in, sessions and tokens end at once; what the person labeled stays, and the email stays taken.",
      python: "client.organizations.members.delete(id=1, user_pk=2)",
      status: 204,
      refusals: { 403: "you are not the owner", 405: "nobody removes themselves" },
      refusalRecords: { 405: z.object({ detail: z.string() }) },
      async handle(ctx, { params }) {
        const { user, organization } = ctx.state;
        ownOrganization(ctx.state, params.id);
        if (!canManagePeople(user, organization)) {
          throw createError(403, "You do not have permission to perform this action. Only the owner removes members.");
        }
        const member = orNotFound(
          await ctx.repositories.members.find(params.user_id),
          "No User matches the given query.",
        );
        if (member.user.id === user.id) throw createError(405, { body: { detail: "User cannot soft delete self" } });
        const wasMember = await ctx.repositories.members.remove(member.user.id);
        orNotFound(wasMember || undefined, "Member not found");
        ctx.log.info({ event: "member_removed", user: member.user.id, by: user.id, ip: ctx.ip }, "member removed");
      },
    }),
  },
];
