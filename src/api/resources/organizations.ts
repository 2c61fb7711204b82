import createError from "http-errors";
import { z } from "zod";

import type { AppContext, SignedIn } from "../../context.ts";
import { organizationChangesForm, organizationForm } from "../bodies/organizations.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import {
  organizationRecord,
  organizationShort,
  presentOrganization,
  presentOrganizationShort,
} from "../../presenters/organization.ts";
import type { Organization } from "../../repositories/accounts/organizations.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

type Asking = Pick<AppContext, "repositories"> & { state: SignedIn };

/** The server's one organization. */
export const organizations: Resource[] = [
  {
    path: "/api/organizations/",
    tag: "Organization",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List organizations",
      description: "There is one.",
      python: "client.organizations.list()",
      answer: z.array(organizationShort),
      handle: async (ctx) => [presentOrganizationShort(ctx.state.organization)],
    }),
    POST: endpoint({
      summary: "A second organization can't be made",
      python: 'requests.post(f"{url}/api/organizations/", headers=headers)',
      status: 204,
      refusals: { 403: "always" },
      async handle() {
        throw createError(403, "Creating organizations over the API is disabled on this instance");
      },
    }),
  },
  {
    path: "/api/organizations/:id",
    tag: "Organization",
    allow: "GET, PUT, PATCH, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get the organization",
      python: "client.organizations.get(id=1)",
      answer: organizationRecord,
      handle: async (ctx, { params }) => show(ctx, ownOrganization(ctx.state, params.id)),
    }),
    PUT: endpoint({
      summary: "Replace title and contact",
      python: 'requests.put(f"{url}/api/organizations/1", headers=headers, json={"title": "Acme"})',
      body: organizationForm,
      example: { title: "Acme" },
      answer: organizationRecord,
      handle: async (ctx, { params, body }) => change(ctx, params.id, body),
    }),
    PATCH: endpoint({
      summary: "Change title or contact",
      description: "What is left out stays. The invitation's token is not set, but reset.",
      python: 'client.organizations.update(id=1, title="Acme")',
      body: organizationChangesForm,
      example: { title: "Acme" },
      answer: organizationRecord,
      handle: async (ctx, { params, body }) => change(ctx, params.id, body),
    }),
  },
];

/** The organization with this id, which is the one that is asked from. */
export function ownOrganization({ organization }: SignedIn, id: number): Organization {
  return orNotFound(organization.id === id ? organization : undefined, "No Organization matches the given query.");
}

async function change(
  ctx: Asking,
  id: number,
  changes: { title?: string | undefined; contact_info?: string | null | undefined },
) {
  const { organizations } = ctx.repositories;
  const organization = ownOrganization(ctx.state, id);
  await organizations.update(organization.id, changes);
  return show(ctx, (await organizations.first()) ?? organization);
}

async function show({ repositories: { members, organizations } }: Asking, organization: Organization) {
  const [token, users] = [await organizations.inviteToken(organization.id), await members.userIds()];
  return presentOrganization(organization, { token, users });
}
