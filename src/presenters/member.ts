import * as z from "zod";

import type { Member } from "../repositories/accounts/members.ts";
import type { Contributions, ProjectLink } from "../repositories/labeling/contributions.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";
import { presentMemberUser, userRecord } from "./user.ts";
import type { UserContext } from "./user.ts";

const projects = z.array(z.object({ id: z.int(), title: z.string().nullable() })).nullable();

/** The latest 100 of each; null unless the query has `contributed_to_projects`. */
const projectLists = { created_projects: projects, contributed_to_projects: projects };

const memberRecord = z
  .object({
    id: z.int(),
    organization: z.int(),
    user: userRecord.extend(projectLists).meta({ id: "UserOfMember" }),
    ...projectLists,
  })
  .meta({ id: "Member" });

export const memberPageRecord = z.object({
  count: z.int(),
  next: z.string().nullable().describe("address of the next page"),
  previous: z.string().nullable(),
  results: z.array(memberRecord),
});

export const memberDetailRecord = z
  .object({
    user: z.int(),
    organization: z.int(),
    contributed_projects_count: z.int(),
    annotations_count: z.int().describe("without skips"),
    created_at: timestamp,
    ...projectLists,
  })
  .meta({ id: "MemberDetail" });

/** `contributions`: undefined if the query does not ask for them. */
export function presentMember(
  member: Member,
  context: UserContext,
  contributions: Contributions | undefined,
): z.output<typeof memberRecord> {
  const projects = projectsOf(contributions);
  return {
    id: member.id,
    organization: member.organization_id,
    user: Object.assign(presentMemberUser(member, context), projects),
    created_projects: projects.created_projects,
    contributed_to_projects: projects.contributed_to_projects,
  };
}

export function presentMemberDetail(
  member: Member,
  contributions: Contributions,
  { contributed_to_projects }: { contributed_to_projects: boolean },
): z.output<typeof memberDetailRecord> {
  return {
    user: member.user.id,
    organization: member.organization_id,
    contributed_projects_count: contributions.contributed_count,
    annotations_count: contributions.annotations,
    created_at: formatTimestamp(member.created_at),
    ...projectsOf(contributed_to_projects ? contributions : undefined),
  };
}

function projectsOf(contributions: Contributions | undefined) {
  return {
    created_projects: contributions ? byId(contributions.created) : null,
    contributed_to_projects: contributions ? byId(contributions.contributed) : null,
  };
}

function byId(projects: ProjectLink[]): ProjectLink[] {
  return projects.map(({ id, title }) => ({ id, title })).sort((one, other) => one.id - other.id);
}
