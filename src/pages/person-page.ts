import createError from "http-errors";

import { today } from "../common/timestamps.ts";
import type { Context, SignedIn } from "../context.ts";
import { phonePattern } from "../forms/account.ts";
import { stripPrefix } from "../http/base-url.ts";
import { assertCanManagePeople } from "../http/owner-only.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { refererOfThisSite } from "../middleware/same-origin.ts";
import type { Person } from "../repositories/accounts/people.ts";
import { startOfCalendar, buildContributionCalendar } from "../rendering/contribution-calendar.ts";
import { randomToken } from "../security/crypto.ts";
import { canManagePeople, roleOf } from "../security/permissions.ts";

type PersonContext = Context & { state: SignedIn };

/** Returns the person with this id, or throws a 404: only the owner sees those who were removed. */
export async function findVisiblePerson({ repositories, state }: PersonContext, id: number): Promise<Person> {
  const person = await repositories.people.find(id);
  const isVisible = person?.status !== "removed" || canManagePeople(state.user, state.organization);
  return orNotFound(isVisible ? person : undefined);
}

const ownerRemains = {
  title: "You own this organization",
  text: "Nothing was changed. Hand over the ownership on the page of another person first.",
};

/** Returns the person of the address. Throws 403 for all but the owner, and 409 with this explanation for the owner themselves. */
export async function findOther(ctx: PersonContext, id: number, explanation = ownerRemains): Promise<Person> {
  assertCanManagePeople(ctx);
  const other = await findVisiblePerson(ctx, id);
  if (other.id !== ctx.state.user.id) return other;
  throw createError(409, explanation.title, { explanation });
}

/** Shows a person's page. `asked`: the name of the question that is open. */
export async function renderPerson(
  ctx: PersonContext,
  person: Person,
  { asked, ...locals }: { asked?: string; errors?: Record<string, string[]> } = {},
): Promise<void> {
  const { user, organization } = ctx.state;
  const until = today();
  const contributions = await ctx.repositories.contributions.findByUser(person.id);
  const days = await ctx.repositories.contributions.listDays(person.id, startOfCalendar(until));
  const can_manage = canManagePeople(user, organization) && person.id !== user.id;
  ctx.render("people/show", {
    person,
    role: roleOf(person, organization),
    inviter: person.invited_by_id === null ? undefined : await ctx.repositories.people.find(person.invited_by_id),
    can_manage,
    has_two_factor: can_manage && (await ctx.repositories.twoFactor.isEnabled(person.id)),
    asked,
    phone_href: phonePattern.test(person.phone) ? `tel:${person.phone.replace(/[^\p{Nd}+]/gu, "")}` : undefined,
    recovery: can_manage ? await loadRecovery(ctx, person) : undefined,
    contributions,
    activity: buildContributionCalendar(days, until),
    list: listAddress(ctx),
    ...locals,
  });
}

/** What the owner may do for the log-in of this other person; undefined where nothing would help. */
async function loadRecovery(
  { repositories }: Pick<Context, "repositories">,
  { id, status }: Person,
): Promise<{ has_password: boolean; form_key: string } | undefined> {
  if (status !== "active") return undefined;
  const account = await repositories.recoveryLinks.findAccount(id);
  return account && { has_password: account.has_password, form_key: randomToken() };
}

/** The list that the reader came from, with its search, filter, order and page. */
function listAddress(ctx: Context): string {
  const page = refererOfThisSite(ctx);
  const isList = page && /^\/people\/?$/.test(stripPrefix(page.pathname, ctx.config.base_path));
  return isList ? `/people/${page.search}` : "/people/";
}
