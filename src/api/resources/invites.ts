import { recordEvent } from "../../http/record-event.ts";
import { inviteRecord, presentInvite } from "../../presenters/organization.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

/** The invitation link: shown, and replaced by a new one. */
export const invites: Resource[] = [
  {
    path: "/api/invite",
    tag: "Invitations",
    GET: endpoint({
      summary: "Get the invitation link",
      python: "client.organizations.invites.get_invite_link()",
      isRefusedToKeys: true,
      response: inviteRecord,
      async handle(ctx) {
        return presentInvite(await ctx.repositories.organizations.inviteToken(ctx.state.organization.id));
      },
    }),
  },
  {
    path: "/api/invite/reset-token",
    tag: "Invitations",
    POST: endpoint({
      summary: "Replace the invitation link",
      description: "The old one stops working at once.",
      python: "client.organizations.reset_token()",
      isRefusedToKeys: true,
      status: 201,
      response: inviteRecord,
      async handle(ctx) {
        const { organization } = ctx.state;
        const token = await ctx.repositories.organizations.resetInvite(organization.id);
        await recordEvent(ctx, "invite_reset");
        return presentInvite(token);
      },
    }),
  },
];
