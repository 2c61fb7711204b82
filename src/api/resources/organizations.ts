import createError from "http-errors";
import * as z from "zod";

import type { SignedIn } from "../../context.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { recordEvent } from "../../http/record-event.ts";
import {
  organizationRecord,
  shortOrganizationRecord,
  presentOrganization,
  presentShortOrganization,
} from "../../presenters/organization.ts";
import type { Organization } from "../../repositories/accounts/organizations.ts";
import { organizationChangesBody, organizationBody } from "../bodies/organizations.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { noMatch } from "../find-records.ts";

/** The server's one organization. */
export const organizations: Resource[] = [
  {
    path: "/api/organizations/",
    tag: "Organization",
    GET: endpoint({
      summary: "List organizations",
      description: "There is one.",
      python: "client.organizations.list()",
      response: z.array(shortOrganizationRecord),
      handle: async (ctx) => [presentShortOrganization(ctx.state.organization)],
    }),
    POST: endpoint({
      summary: "Create an organization (always refused)",
      python: 'requests.post(f"{url}/api/organizations/", headers=headers)',
      status: 204,
      errors: { 403: "always" },
      async handle() {
        throw createError(403, "Creating organizations over the API is disabled on this instance");
      },
    }),
  },
  {
    path: "/api/organizations/:id",
    tag: "Organization",
    GET: endpoint({
      summary: "Get the organization",
      python: "client.organizations.get(id=1)",
      response: organizationRecord,
      handle: async (ctx, { params }) => present(ctx, ownOrganization(ctx.state, params.id)),
    }),
    PUT: endpoint({
      summary: "Replace title and contact",
      python: 'requests.put(f"{url}/api/organizations/1", headers=headers, json={"title": "Acme"})',
      body: organizationBody,
      example: { title: "Acme" },
      response: organizationRecord,
      handle: async (ctx, { params, body }) => updateOrganization(ctx, params.id, body),
    }),
    PATCH: endpoint({
      summary: "Change title or contact",
      description: "Fields left out stay as they are. The invitation's token can't be set, only reset.",
      python: 'client.organizations.update(id=1, title="Acme")',
      body: organizationChangesBody,
      example: { title: "Acme" },
      response: organizationRecord,
      handle: async (ctx, { params, body }) => updateOrganization(ctx, params.id, body),
    }),
  },
];

/** Returns the organization of the user who makes the request, or throws a 404 unless it has this id. */
export function ownOrganization({ organization }: SignedIn, id: number): Organization {
  return orNotFound(organization.id === id ? organization : undefined, noMatch("Organization"));
}

async function updateOrganization(
  ctx: RequestContext & Parameters<typeof recordEvent>[0],
  id: number,
  changes: { title?: string | undefined; contact_info?: string | null | undefined },
) {
  const { organizations } = ctx.repositories;
  const organization = ownOrganization(ctx.state, id);
  await organizations.update(organization.id, changes);
  if (changes.title !== undefined && changes.title !== organization.title)
    await recordEvent(ctx, "organization_renamed", { title: changes.title });
  return present(ctx, (await organizations.first()) ?? organization);
}

async function present({ repositories: { members, organizations } }: RequestContext, organization: Organization) {
  const [token, users] = [await organizations.inviteToken(organization.id), await members.userIds()];
  return presentOrganization(organization, { token, users });
}
