import { z } from "zod";

import type { Member } from "../repositories/accounts/members.ts";
import type { Contributions, ProjectName } from "../repositories/labeling/contributions.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";
import { presentMemberUser, userRecord } from "./user.ts";
import type { UserContext } from "./user.ts";

const projects = z.array(z.object({ id: z.int(), title: z.string().nullable() })).nullable();

/** Null unless `contributed_to_projects` is asked for; the latest 100 of each. */
const projectLists = { created_projects: projects, contributed_to_projects: projects };

export const memberRecord = z
  .object({
    id: z.int(),
    organization: z.int(),
    user: userRecord.extend(projectLists).meta({ id: "UserOfMember" }),
    ...projectLists,
  })
  .meta({ id: "Member" });

export const memberPage = z.object({
  count: z.int(),
  next: z.string().nullable().describe("address of the next page"),
  previous: z.string().nullable(),
  results: z.array(memberRecord),
});

export const memberDetail = z
  .object({
    user: z.int(),
    organization: z.int(),
    contributed_projects_count: z.int(),
    annotations_count: z.int().describe("without skips"),
    created_at: timestamp,
    ...projectLists,
  })
  .meta({ id: "MemberDetail" });

/** `work` is what they did, where it is asked for. */
export function presentMember(
  member: Member,
  surroundings: UserContext,
  work: Contributions | undefined,
): z.output<typeof memberRecord> {
  return {
    id: member.id,
    organization: member.organization_id,
    user: { ...presentMemberUser(member, surroundings), ...projectsOf(work) },
    ...projectsOf(work),
  };
}

export function presentMemberDetail(
  member: Member,
  work: Contributions,
  { contributed_to_projects }: { contributed_to_projects: boolean },
): z.output<typeof memberDetail> {
  return {
    user: member.user.id,
    organization: member.organization_id,
    contributed_projects_count: work.contributed_count,
    annotations_count: work.annotations,
    created_at: formatTimestamp(member.created_at),
    ...projectsOf(contributed_to_projects ? work : undefined),
  };
}

function projectsOf(work: Contributions | undefined) {
  return {
    created_projects: work ? byId(work.created) : null,
    contributed_to_projects: work ? byId(work.contributed) : null,
  };
}

function byId(projects: ProjectName[]): ProjectName[] {
  return projects.map(({ id, title }) => ({ id, title })).sort((one, other) => one.id - other.id);
}
