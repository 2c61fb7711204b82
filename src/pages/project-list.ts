import type * as z from "zod";

import { groupBy } from "../common/group-by.ts";
import { queryString } from "../common/query-string.ts";
import type { Context, SignedIn } from "../context.ts";
import type { projectsQuery } from "../forms/projects.ts";

type ProjectsQuery = z.output<typeof projectsQuery>;

const pageSize = 30;

/** People whose pictures a row shows. */
const shownPeople = 3;

/** The page of all projects, or of those in one of its lists. */
export async function renderProjectList(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  query: ProjectsQuery,
): Promise<void> {
  const { projects, projectPeople } = ctx.repositories;
  const { user } = ctx.state;
  const { q, list, page } = query;
  const offset = (page - 1) * pageSize;
  const filter = {
    title: q,
    archived: list === "archived",
    done: list === "done",
    user_id: list === "mine" ? user.id : undefined,
  };
  const order = { column: "last_activity", descending: true } as const;
  const counts = await projects.countLists(user.id, q);
  const listed = await projects.list(filter, { order, offset, limit: pageSize });
  const people = await projectPeople.listLatest(
    listed.map(({ id }) => id),
    user.id,
    shownPeople,
  );
  const annotators = groupBy(people, ({ project_id }) => project_id);
  const total = counts[list ?? "all"];
  const pill = (label: string, name: ProjectsQuery["list"]) => ({
    label,
    href: addressOf({ q, list: name, page: 1 }),
    count: counts[name ?? "all"],
    is_current: name === list,
  });
  ctx.render("projects/index", {
    projects: listed.map((project) => {
      const own = annotators.get(project.id) ?? [];
      return {
        ...project,
        people: own.filter(({ is_latest }) => is_latest).map((annotator) => annotator.user),
        own_task_number: own.find((annotator) => annotator.user.id === user.id)?.tasks ?? 0,
      };
    }),
    query,
    pills: [
      pill("All", undefined),
      pill("Mine", "mine"),
      pill("Done", "done"),
      ...(counts.archived || list === "archived" ? [pill("Archived", "archived")] : []),
    ],
    total,
    /** Whether there are any at all, archived ones included. */
    has_projects: counts.all + counts.archived > 0,
    clear: addressOf({ q: "", list, page: 1 }),
    pager: {
      from: offset + 1,
      to: offset + listed.length,
      total,
      previous: page > 1 && addressOf({ q, list, page: page - 1 }),
      next: offset + listed.length < total && addressOf({ q, list, page: page + 1 }),
    },
  });
}

function addressOf({ q, list, page }: ProjectsQuery): string {
  return queryString({ list, q, page: page > 1 && page }) || "?";
}
