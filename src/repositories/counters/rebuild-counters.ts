import type { Knex } from "knex";

import {
  contributionCounterSql,
  lastSubmittedSql,
  memberCountSql,
  projectCounterSql,
  storedConditions,
  storedLabeledSql,
  taskCounterSql,
} from "./counter-sql.ts";

/** How many tasks are counted at a time. */
const batchSize = 2000;

/** Rebuilds counters after many rows were inserted without them. */
export function counterRebuild(transaction: Knex) {
  const inSql = (counts: Record<string, string>) =>
    Object.fromEntries(Object.entries(counts).map(([column, sql]) => [column, transaction.raw(sql)]));

  return {
    /** Of the tasks of a project; `onProgress` gets the number of tasks of each batch. */
    async tasks(project_id: number, onProgress: (count: number) => void): Promise<void> {
      let after = 0;
      for (;;) {
        const ids: number[] = await transaction("tasks")
          .where({ project_id })
          .where("id", ">", after)
          .orderBy("id")
          .limit(batchSize)
          .pluck("id");
        const last = ids.at(-1);
        if (last === undefined) return;
        await transaction("tasks")
          .where({ project_id })
          .whereBetween("id", [after + 1, last])
          .update(inSql(taskCounterSql));
        onProgress(ids.length);
        after = last;
      }
    },

    /** Of a project whose tasks are rebuilt, and of its annotators' contributions. */
    async project(id: number): Promise<void> {
      const latest = async (table: string) => {
        const [row] = await transaction(table).where({ project_id: id }).max({ at: "created_at" });
        return row?.at ?? "";
      };
      const [inner] = await transaction("tasks").where({ project_id: id }).max({ last: "inner_id" });
      const before = await transaction("projects").where({ id }).first("last_activity", "last_inner_id");
      const times: string[] = [before.last_activity, await latest("tasks"), await latest("annotations")];
      await transaction("projects")
        .where({ id })
        .update({
          ...inSql(projectCounterSql(storedConditions)),
          last_inner_id: Math.max(before.last_inner_id, Number(inner?.last ?? 0)),
          last_activity: times.toSorted().at(-1),
        });
      const counters = contributionCounterSql(storedLabeledSql);
      await transaction("contributions").where({ project_id: id }).delete();
      await transaction.raw(
        `insert into contributions (user_id, project_id, last_at, ${Object.keys(counters).join(", ")})
         select completed_by_id, project_id, ${lastSubmittedSql}, ${Object.values(counters).join(", ")}
         from annotations where project_id = ? and completed_by_id is not null group by completed_by_id, project_id`,
        [id],
      );
    },

    /** Of all users' days, and of the organization's members. */
    async everyone(): Promise<void> {
      await transaction("contribution_days").delete();
      await transaction.raw(
        `insert into contribution_days (project_id, user_id, day, annotations)
         select project_id, completed_by_id, substr(created_at, 1, 10), count(*)
         from annotations where completed_by_id is not null and was_cancelled = false
         group by project_id, completed_by_id, substr(created_at, 1, 10)`,
      );
      await transaction("organizations").update({ member_count: transaction.raw(memberCountSql) });
    },
  };
}
