import { z } from "zod";

import type { Member } from "../repositories/members.ts";
import { moment, shownMoment } from "./moment.ts";
import { presentMemberUser, userRecord } from "./user.ts";
import type { Surroundings } from "./user.ts";

const projects = z.array(z.object({ id: z.int(), title: z.string().nullable() })).nullable();

/** Null unless `contributed_to_projects` is asked for. */
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
    annotations_count: z.int(),
    created_at: moment,
    ...projectLists,
  })
  .meta({ id: "MemberDetail" });

interface Wish {
  contributed_to_projects: boolean;
}

export function presentMember(member: Member, surroundings: Surroundings, wish: Wish): z.output<typeof memberRecord> {
  return {
    id: member.id,
    organization: member.organization_id,
    user: { ...presentMemberUser(member, surroundings), ...projectsOf(wish) },
    ...projectsOf(wish),
  };
}

export function presentMemberDetail(member: Member, wish: Wish): z.output<typeof memberDetail> {
  return {
    user: member.user.id,
    organization: member.organization_id,
    contributed_projects_count: 0,
    annotations_count: 0,
    created_at: shownMoment(member.created_at),
    ...projectsOf(wish),
  };
}

/** There are no projects yet, so nobody made or contributed to one. */
function projectsOf({ contributed_to_projects }: Wish) {
  const none = contributed_to_projects ? [] : null;
  return { created_projects: none, contributed_to_projects: none };
}
