import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";

/** What counts of an annotation. */
export interface Counted {
  completed_by_id: number | null;
  was_cancelled: boolean;
  ground_truth: boolean;
  created_at: Timestamp;
}

/** A task's annotations to add to what people did or, with a negative sign, to take away. */
export interface Work {
  annotations: Counted[];
  /** Whether the task was labeled with these. */
  is_labeled: boolean;
  sign: 1 | -1;
}

/** What a person did in a project. */
interface Share {
  user_id: number;
  /** When they made the latest annotation; empty where they only skipped. */
  at: Timestamp;
  annotations: number;
  tasks: number;
  skipped_tasks: number;
  labeled_tasks: number;
}

/** What a person did on a day. */
interface Day {
  user_id: number;
  day: string;
  annotations: number;
}

const shareCounters = ["annotations", "tasks", "skipped_tasks", "labeled_tasks"] as const;

/** Adds up what people did; in a fixed order, so that two transactions wait for each other and never both. */
export async function contribute(transaction: Knex, project_id: number, work: Work[]): Promise<void> {
  for (const { at, user_id, ...numbers } of sharesOf(work)) {
    const added = shareCounters.map((name) => [
      name,
      transaction.raw("?? + ?", [`contributions.${name}`, numbers[name]]),
    ]);
    const later = transaction.raw("case when contributions.last_at < ? then ? else contributions.last_at end", [
      at,
      at,
    ]);
    await transaction("contributions")
      .insert({ user_id, project_id, ...numbers, last_at: at })
      .onConflict(["user_id", "project_id"])
      .merge({ ...Object.fromEntries(added), ...(numbers.annotations > 0 && { last_at: later }) });
  }
  for (const { user_id, day, annotations } of daysOf(work)) {
    await transaction("contribution_days")
      .insert({ user_id, day, annotations })
      .onConflict(["user_id", "day"])
      .merge({ annotations: transaction.raw("contribution_days.annotations + ?", [annotations]) });
  }
}

/** After tasks became labeled, or no longer, without a change of their annotations. */
export async function recountLabeled(transaction: Knex, project_id: number): Promise<void> {
  const labeled = transaction("annotations")
    .join("tasks", "tasks.id", "annotations.task_id")
    .where({ "annotations.project_id": project_id, "tasks.is_labeled": true })
    .whereRaw("annotations.completed_by_id = contributions.user_id")
    .countDistinct("annotations.task_id");
  await transaction("contributions").where({ project_id }).update({ labeled_tasks: labeled });
}

function sharesOf(work: Work[]): Share[] {
  const shares = new Map<number, Share>();
  for (const { annotations, is_labeled, sign } of work) {
    for (const [user_id, own] of byPerson(annotations)) {
      const done = own.filter(({ was_cancelled }) => !was_cancelled);
      const before = shares.get(user_id) ?? { annotations: 0, tasks: 0, skipped_tasks: 0, labeled_tasks: 0, at: "" };
      const at = [before.at, ...done.map(({ created_at }) => created_at)].sort().at(-1) ?? "";
      shares.set(user_id, {
        user_id,
        at,
        annotations: before.annotations + sign * done.length,
        tasks: before.tasks + (done.length > 0 ? sign : 0),
        skipped_tasks: before.skipped_tasks + (done.length > 0 ? 0 : sign),
        labeled_tasks: before.labeled_tasks + (is_labeled ? sign : 0),
      });
    }
  }
  const changed = [...shares.values()].filter((share) => shareCounters.some((name) => share[name] !== 0));
  return changed.sort((one, other) => one.user_id - other.user_id);
}

function daysOf(work: Work[]): Day[] {
  const days = new Map<string, Day>();
  for (const { annotations, sign } of work) {
    for (const { completed_by_id, was_cancelled, created_at } of annotations) {
      if (was_cancelled || completed_by_id === null) continue;
      const day = created_at.slice(0, 10);
      const key = `${completed_by_id} ${day}`;
      const before = days.get(key)?.annotations ?? 0;
      days.set(key, { user_id: completed_by_id, day, annotations: before + sign });
    }
  }
  const changed = [...days.values()].filter(({ annotations }) => annotations !== 0);
  return changed.sort((one, other) => one.user_id - other.user_id || (one.day < other.day ? -1 : 1));
}

function byPerson(annotations: Counted[]): Map<number, Counted[]> {
  const people = new Map<number, Counted[]>();
  for (const each of annotations) {
    if (each.completed_by_id === null) continue;
    const own = people.get(each.completed_by_id);
    if (own) own.push(each);
    else people.set(each.completed_by_id, [each]);
  }
  return people;
}
