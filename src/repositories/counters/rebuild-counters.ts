import type { Knex } from "knex";

import { contributionsInSql, lastInSql, memberCountInSql, projectCountsInSql, taskCountsInSql } from "./counter-sql.ts";

/** How many tasks are counted at a time. */
const pieceSize = 2000;

/** Counts anew what is kept, after many rows were added at once. */
export function recounts(transaction: Knex) {
  const inSql = (counts: Record<string, string>) =>
    Object.fromEntries(Object.entries(counts).map(([column, sql]) => [column, transaction.raw(sql)]));

  return {
    /** Of the tasks of a project; `done` is told how many there were. */
    async tasks(project_id: number, done: (count: number) => void): Promise<void> {
      let after = 0;
      for (;;) {
        const ids: number[] = await transaction("tasks")
          .where({ project_id })
          .where("id", ">", after)
          .orderBy("id")
          .limit(pieceSize)
          .pluck("id");
        const last = ids.at(-1);
        if (last === undefined) return;
        await transaction("tasks")
          .where({ project_id })
          .whereBetween("id", [after + 1, last])
          .update(inSql(taskCountsInSql));
        done(ids.length);
        after = last;
      }
    },

    /** Of a project whose tasks are counted, and of what each person did in it. */
    async project(id: number): Promise<void> {
      const latest = async (table: string) => {
        const [row] = await transaction(table).where({ project_id: id }).max({ at: "created_at" });
        return row?.at ?? "";
      };
      const [inner] = await transaction("tasks").where({ project_id: id }).max({ last: "inner_id" });
      const kept = await transaction("projects").where({ id }).first("last_activity", "last_inner_id");
      const moments: string[] = [kept.last_activity, await latest("tasks"), await latest("annotations")];
      await transaction("projects")
        .where({ id })
        .update({
          ...inSql(projectCountsInSql),
          last_inner_id: Math.max(kept.last_inner_id, Number(inner?.last ?? 0)),
          last_activity: moments.toSorted().at(-1),
        });
      const columns = Object.keys(contributionsInSql);
      await transaction("contributions").where({ project_id: id }).delete();
      await transaction.raw(
        `insert into contributions (user_id, project_id, last_at, ${columns.join(", ")})
         select completed_by_id, project_id, ${lastInSql}, ${Object.values(contributionsInSql).join(", ")}
         from annotations where project_id = ? and completed_by_id is not null group by completed_by_id, project_id`,
        [id],
      );
    },

    /** What each person did on each day, and how many members there are. */
    async everyone(): Promise<void> {
      await transaction("contribution_days").delete();
      await transaction.raw(
        `insert into contribution_days (user_id, day, annotations)
         select completed_by_id, substr(created_at, 1, 10), count(*)
         from annotations where completed_by_id is not null and was_cancelled = false
         group by completed_by_id, substr(created_at, 1, 10)`,
      );
      await transaction("organizations").update({ member_count: transaction.raw(memberCountInSql) });
    },
  };
}
