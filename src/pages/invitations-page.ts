import { groupBy } from "../common/group-by.ts";
import { isLoopback } from "../common/host-names.ts";
import { queryString } from "../common/query-string.ts";
import type { Context, SignedIn } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";
import { qrCode } from "../rendering/qr-code.ts";
import { invitationState } from "../repositories/accounts/invitations.ts";
import type { Invitation } from "../repositories/accounts/invitations.ts";
import { randomToken } from "../security/crypto.ts";
import { canResetInvite } from "../security/permissions.ts";
import { decideSignupPolicy } from "../security/signup-policy.ts";

const pageSize = 20;

/** People whose pictures a row shows. */
const shownGuests = 4;

const expiries = [
  { value: "1", label: "In 1 day" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "never", label: "Never" },
];

const useCounts = [
  { value: "1", label: "1 person" },
  { value: "2", label: "2 people" },
  { value: "3", label: "3 people" },
  { value: "5", label: "5 people" },
  { value: "10", label: "10 people" },
  { value: "25", label: "25 people" },
  { value: "100", label: "100 people" },
  { value: "any", label: "Any number" },
];

/** An invitation that was just made, with its token, which is shown only now. */
interface NewLink {
  invitation: Invitation;
  token: string;
}

type PageContext = Pick<Context, "config" | "host" | "protocol" | "render" | "repositories"> & { state: SignedIn };

/** Renders Add People: the organization's link, a form for one with limits, and the list of those. */
export async function renderInvitations(
  ctx: PageContext,
  { page = 1, made, form = {} }: { page?: number; made?: NewLink; form?: object } = {},
): Promise<void> {
  const { organizations, invitations } = ctx.repositories;
  const { organization } = ctx.state;
  const offset = (page - 1) * pageSize;
  const total = await invitations.count();
  const listed = total > 0 ? await invitations.list({ offset, limit: pageSize }) : [];
  const guests = await invitations.listGuests(
    listed.flatMap(({ id, uses }) => (uses > 0 ? [id] : [])),
    shownGuests,
  );
  const byInvitation = groupBy(guests, ({ invitation_id }) => invitation_id);
  const policy = decideSignupPolicy(organization, ctx.config);
  ctx.render("people/invite", {
    standing: await describeLink(ctx, await organizations.inviteToken(organization.id)),
    made: made && { ...made.invitation, link: await describeLink(ctx, made.token) },
    is_loopback: !ctx.config.host && isLoopback(ctx.host),
    can_reset: canResetInvite(policy),
    policy,
    invitations: listed.map((invitation) => ({
      ...invitation,
      state: invitationState(invitation),
      guests: byInvitation.get(invitation.id) ?? [],
    })),
    total,
    pager: {
      from: offset + 1,
      to: offset + listed.length,
      total,
      previous: page > 1 && addressOf(page - 1),
      next: offset + listed.length < total && addressOf(page + 1),
    },
    expiries,
    use_counts: useCounts,
    values: { days: "7", uses: "1" },
    form_key: randomToken(),
    ...form,
  });
}

/** A link as people copy it, as a path for the browser, which knows its own address best, and as a picture to scan. */
async function describeLink(ctx: PageContext, token: string) {
  const path = `/user/signup/?token=${token}`;
  const url = baseUrl(ctx) + path;
  const svg = await qrCode(url);
  return {
    url,
    path: ctx.config.host ? undefined : ctx.config.base_path + path,
    qr_code: svg,
    // Not in base64, so that it compresses to nothing beside the picture.
    qr_file: `data:image/svg+xml,${svg.trim().replaceAll(/[%#"<>]/g, encodeURIComponent)}`,
  };
}

function addressOf(page: number): string {
  return queryString({ page: page > 1 && page }) || "?";
}
