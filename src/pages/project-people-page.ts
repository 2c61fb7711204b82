import { limits } from "../common/limits.ts";
import { addDays, today } from "../common/timestamps.ts";
import type { Context, SignedIn } from "../context.ts";
import { buildLabelForm } from "../label-config/form/label-form.ts";
import { questionsByName } from "../label-config/form/questions.ts";
import { timeReader } from "../label-config/form/series-time.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { comparableAnswers } from "../label-config/results/comparable-answers.ts";
import { measureAgreement } from "../label-config/results/agreement.ts";
import type { Agreement } from "../label-config/results/agreement.ts";
import { regionAgreement } from "../label-config/regions/region-agreement.ts";
import type { RegionAgreement } from "../label-config/regions/region-agreement.ts";
import type { ProjectMember } from "../repositories/accounts/members.ts";
import type { PersonDay } from "../repositories/labeling/project-people.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { byUserId, projectHead } from "./project-page.ts";

/** Days in the picture of each person. */
const picturedDays = 30;

/** Pairs of people that are shown for each question. */
const shownPairs = 10;

/** The page People of a project: who labeled how much and when, and how often people gave the same answer. */
export async function renderProjectPeople(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  project: Project,
): Promise<void> {
  const { members, projectPeople } = ctx.repositories;
  const people = await members.listInProject(project.id, [project.created_by_id, ctx.state.user.id]);
  const active = people
    .filter(({ progress }) => progress.tasks + progress.skipped_tasks > 0)
    .toSorted((one, other) => other.progress.tasks - one.progress.tasks);
  const listed = active.slice(0, limits.projectPeople);
  const days = lastDays();
  const counts = await projectPeople.listDays(
    project.id,
    listed.map(({ user }) => user.id),
    days[0] ?? "",
  );
  ctx.render("projects/people", {
    ...projectHead(ctx, project, "people", people),
    listed: listed.map((member) => ({ ...member, chart: chartOf(member, days, counts) })),
    people: byUserId(people),
    more: active.length - listed.length,
    ...(await agreementsOf(ctx, project)),
    compared_tasks: limits.comparedTasks,
  });
}

/** The days up to today (UTC), the first one first. */
function lastDays(): string[] {
  const end = today();
  return Array.from({ length: picturedDays }, (_, index) => addDays(end, index - picturedDays + 1));
}

/** The annotations of a person on each day, as bars from 0 to 1 of the person's busiest day. */
function chartOf({ user }: ProjectMember, days: string[], counts: PersonDay[]) {
  const own = new Map(counts.filter(({ user_id }) => user_id === user.id).map((each) => [each.day, each.annotations]));
  const numbers = days.map((day) => own.get(day) ?? 0);
  const most = Math.max(...numbers);
  return {
    total: numbers.reduce((sum, number) => sum + number, 0),
    busiest: most > 0 ? { day: days[numbers.lastIndexOf(most)], annotations: most } : undefined,
    bars: numbers.map((annotations) => (most > 0 ? annotations / most : 0)),
  };
}

/** How often people agree on each question, and on regions, in the order of the labeling setup's answers. */
async function agreementsOf({ repositories }: Pick<Context, "repositories">, project: Project) {
  // Nothing is read where no task has several annotations.
  if (project.total_annotations_number <= project.num_tasks_with_annotations)
    return { agreements: [], region_agreements: [] };
  const { parts, regions } = buildLabelForm(parseLabelConfig(project.label_config).root);
  const questions = questionsByName(parts);
  const readers = new Map(
    regions.markers.flatMap((marker) =>
      marker.kind === "series" ? [[marker.name, timeReader(marker.time_format)] as const] : [],
    ),
  );
  const shared = await repositories.projectPeople.listShared(project.id);
  const shownOf = <Each extends Pick<Agreement | RegionAgreement, "pairs">>(name: string, agreement: Each) => ({
    question: questions.get(name) ?? name,
    agreement: { ...agreement, pairs: agreement.pairs.slice(0, shownPairs) },
    more_pairs: Math.max(0, agreement.pairs.length - shownPairs),
  });
  return {
    agreements: [...comparableAnswers(shared)].flatMap(([name, ofQuestion]) => {
      const agreement = measureAgreement(ofQuestion);
      return agreement ? [shownOf(name, agreement)] : [];
    }),
    region_agreements: [...(await regionAgreement(shared, readers))].map(([name, agreement]) =>
      shownOf(name, agreement),
    ),
  };
}
