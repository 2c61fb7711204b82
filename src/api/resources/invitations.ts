import { daysFromNow } from "../../common/timestamps.ts";
import { mayJoin } from "../../forms/invitations.ts";
import { baseUrl } from "../../http/base-url.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { recordEvent } from "../../http/record-event.ts";
import {
  invitationPageRecord,
  invitationRecord,
  newInvitationRecord,
  presentInvitation,
} from "../../presenters/invitation.ts";
import { randomToken } from "../../security/crypto.ts";
import { decideSignupPolicy } from "../../security/signup-policy.ts";
import { invitationsQuery, newInvitationBody } from "../bodies/invitations.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { noMatch } from "../find-records.ts";
import { paginate } from "../pagination.ts";

/** People whose ids a record has. */
const shownGuests = 100;

/** Invitation links with limits. Label Studio has none. */
export const invitations: Resource[] = [
  {
    path: "/api/invitations/",
    tag: "Invitations",
    GET: endpoint({
      summary: "List invitations with limits",
      description: "Not in Label Studio. Newest first, dead ones included, 20 a page; links are not shown again.",
      python: 'requests.get(f"{url}/api/invitations/", headers=headers).json()',
      query: invitationsQuery,
      response: invitationPageRecord,
      errors: { 404: "no such page" },
      async handle(ctx, { query }) {
        const { invitations } = ctx.repositories;
        const { offset, limit, ...page } = paginate(ctx, query, await invitations.count());
        const listed = await invitations.list({ offset, limit });
        const guests = await invitations.listGuests(
          listed.map(({ id }) => id),
          shownGuests,
        );
        return { ...page, results: listed.map((invitation) => presentInvitation(invitation, guests)) };
      },
    }),
    POST: endpoint({
      summary: "Make an invitation with limits",
      description:
        "Not in Label Studio. For one person within seven days unless you say otherwise. The link is in this answer and never again.",
      python:
        'requests.post(f"{url}/api/invitations/", headers=headers, json={"note": "night shift", "max_uses": 5, "days": 7}).json()',
      body: newInvitationBody,
      example: { note: "night shift", max_uses: 5, days: 7 },
      status: 201,
      response: newInvitationRecord,
      async handle(ctx, { body: { days, ...limits } }) {
        const { organization, user } = ctx.state;
        if (limits.email && limits.domain) throw validationError({ domain: ["Give an email or a domain, not both."] });
        if (!mayJoin(limits, decideSignupPolicy(organization, ctx.config)))
          throw validationError({
            [limits.email ? "email" : "domain"]: ["People with these emails can't join here: see Sign-up and access."],
          });
        const token = randomToken(43);
        const expires_at = days === null ? null : daysFromNow(days);
        const { invitation } = await ctx.repositories.invitations.create(token, {
          ...limits,
          expires_at,
          created_by_id: user.id,
        });
        await recordEvent(ctx, "invitation_created", { name: limits.note, invitation: invitation.id });
        return { ...presentInvitation(invitation, []), url: `${baseUrl(ctx)}/user/signup/?token=${token}` };
      },
    }),
  },
  {
    path: "/api/invitations/:id/",
    tag: "Invitations",
    GET: endpoint({
      summary: "Get an invitation, with who joined by it",
      python: 'requests.get(f"{url}/api/invitations/1/", headers=headers).json()',
      response: invitationRecord,
      async handle(ctx, { params }) {
        const { invitations } = ctx.repositories;
        const invitation = orNotFound(await invitations.find(params.id), noMatch("Invitation"));
        return presentInvitation(invitation, await invitations.listGuests([invitation.id], shownGuests));
      },
    }),
    DELETE: endpoint({
      summary: "Revoke an invitation",
      description: "Nobody joins by it any more; those who have joined stay, and it stays in the list.",
      python: 'requests.delete(f"{url}/api/invitations/1/", headers=headers)',
      status: 204,
      async handle(ctx, { params }) {
        const { invitations } = ctx.repositories;
        const { id, note } = orNotFound(await invitations.find(params.id), noMatch("Invitation"));
        if (await invitations.revoke(id)) await recordEvent(ctx, "invitation_revoked", { name: note, invitation: id });
      },
    }),
  },
];
