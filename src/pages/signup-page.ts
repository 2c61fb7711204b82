import createError from "http-errors";

import type { Context } from "../context.ts";
import { signupQuery } from "../forms/signup.ts";
import { invitationState } from "../repositories/accounts/invitations.ts";
import type { InvitationState, MadeInvitation } from "../repositories/accounts/invitations.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import { decideSignupPolicy, emailDomain } from "../security/signup-policy.ts";

/** Why a link lets nobody in: the state of its invitation, or that there is none. */
interface DeadLink {
  reason: Exclude<InvitationState, "active"> | "incomplete" | "unknown";
  invitation: MadeInvitation | undefined;
  /** Whether one can sign up without a link instead. */
  is_open: boolean;
}

/** How somebody comes to sign up. */
export interface SignupPage {
  /** The organization whose link they opened. */
  invited_to: Organization | undefined;
  /** The invitation with limits; undefined for the organization's one link. */
  invitation: MadeInvitation | undefined;
  is_first: boolean;
  /** The only domains of emails that may join; undefined for any. */
  domains: string[] | undefined;
  /** Which email to use, if not any. */
  email_hint: string | undefined;
  token: string;
  next: string;
  password_min_length: number;
}

/**
 * Returns the variables of the page, or why its link is dead, before anybody fills in the form. Throws 403 for those without a link
 * who may not sign up.
 */
export async function loadSignupPage(
  ctx: Pick<Context, "config" | "query" | "repositories">,
): Promise<SignupPage | { dead: DeadLink }> {
  const { token, next } = signupQuery.parse(ctx.query);
  const { organizations, invitations } = ctx.repositories;
  const linked = token === "" ? undefined : await organizations.findByInvite(token);
  const organization = linked ?? (await organizations.first());
  const policy = decideSignupPolicy(organization, ctx.config);
  const invitation = token === "" || linked ? undefined : await invitations.findByToken(token);
  const state = invitation ? invitationState(invitation) : undefined;
  if (token !== "" && !linked && state !== "active") {
    // The lengths of the organization's token and of those of invitations.
    const missing = /^([A-Za-z0-9]{40}|[\w-]{43})$/.test(token) ? "unknown" : "incomplete";
    return { dead: { reason: state ?? missing, invitation, is_open: policy.isOpen } };
  }
  const is_first = organization === undefined;
  if (token === "" && !policy.isOpen) throw signupClosedError(is_first);
  const { domains } = policy;
  return {
    invited_to: token === "" ? undefined : organization,
    invitation,
    is_first,
    domains,
    email_hint: emailHint(invitation, domains),
    token,
    next,
    password_min_length: ctx.config.password_min_length,
  };
}

/** Returns why nobody with this email may join, undefined if they may. The email of an invitation is shown to nobody. */
export function findEmailError(email: string, { invitation, domains }: SignupPage): string | undefined {
  const domain = emailDomain(email);
  if (invitation?.email && invitation.email !== email)
    return "This invitation is for another email. Use the one it was sent to, or ask for one of your own.";
  if (invitation?.domain && invitation.domain !== domain)
    return `This invitation is for emails at ${invitation.domain}.`;
  if (domains && !domains.includes(domain)) return `Use an email at ${listOr(domains)}. Others can't join here.`;
  return undefined;
}

function emailHint(invitation: MadeInvitation | undefined, domains: string[] | undefined): string | undefined {
  if (invitation?.email) return "The one this invitation was sent to.";
  if (invitation?.domain) return `An email at ${invitation.domain}.`;
  return domains && `An email at ${listOr(domains)}.`;
}

const alternatives = new Intl.ListFormat("en", { type: "disjunction" });

/** "a, b, or c" of the first few. */
function listOr(domains: string[]): string {
  return alternatives.format(domains.length > 5 ? [...domains.slice(0, 4), "others"] : domains);
}

function signupClosedError(is_first: boolean): Error {
  const text = is_first
    ? "The person who runs this server makes the first account at the shell: label-studio start --username EMAIL --password PASSWORD"
    : "You need an invitation link to join. Ask a member: it is under People, Add People.";
  return createError(403, "Sign-up is by invitation", { explanation: { title: "Sign-up is by invitation", text } });
}
