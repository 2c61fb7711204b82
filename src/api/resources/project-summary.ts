import * as z from "zod";

import { turnTaking } from "../../common/event-loop.ts";
import { RawJson, rawMembers } from "../../common/raw-json.ts";
import { countAnswers } from "../../label-config/validation/answers-in-use.ts";
import { formatTimestamp, timestamp } from "../../presenters/timestamp.ts";
import type { Task } from "../../repositories/labeling/tasks.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { noMatch } from "../find-records.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { readBatches } from "../keyset-pagination.ts";

const counts = z.record(z.string(), z.int());
const countsByControl = z.record(z.string(), counts);

const summaryRecord = z
  .object({
    project: z.int(),
    created_at: timestamp,
    all_data_columns: counts.describe("tasks with each field of the data"),
    common_data_columns: z.array(z.string()).describe("the fields that all of them have"),
    created_annotations: counts.describe("answers by from_name|to_name|type"),
    created_labels: countsByControl.describe("labels by control"),
    created_labels_drafts: countsByControl.describe("those of your drafts"),
  })
  .meta({ id: "ProjectSummary" });

/** What a project's data and answers consist of, counted when it is asked for. */
export const projectSummary: Resource[] = [
  {
    path: "/api/projects/:id/summary/",
    tag: "Projects",
    GET: endpoint({
      summary: "Count the fields, answers and labels of a project",
      description: "All of them are read, which takes a moment for many tasks.",
      python: 'requests.get(f"{url}/api/projects/1/summary/", headers=headers)',
      response: summaryRecord,
      async handle(ctx, { params }) {
        const { annotations, drafts, projects, tasks } = ctx.repositories;
        const { id, created_at } = orNotFound(await projects.find(params.id), noMatch("ProjectSummary"));
        const read = async (last: Task | undefined, limit: number) => tasks.listAfter(id, last?.id ?? 0, limit);
        const { columns, common } = await countFields(readBatches(read));
        const answers = await countAnswers(annotations.iterateResults(id));
        const own = await countAnswers(drafts.iterateResults(id, ctx.state.user.id));
        return new RawJson(
          JSON.stringify({
            project: id,
            created_at: formatTimestamp(created_at),
            all_data_columns: Object.fromEntries(columns),
            common_data_columns: common,
            created_annotations: Object.fromEntries(answers.kinds),
            created_labels: nested(answers.labels),
            created_labels_drafts: nested(own.labels),
          }),
        );
      },
    }),
  },
  {
    path: "/api/projects/:id/summary/reset/",
    tag: "Projects",
    POST: endpoint({
      summary: "Count a project anew",
      description: "Changes nothing: its summary is counted whenever it is asked for.",
      python: 'requests.post(f"{url}/api/projects/1/summary/reset/", headers=headers)',
      async handle(ctx, { params }) {
        orNotFound(await ctx.repositories.projects.find(params.id), noMatch("ProjectSummary"));
        return new RawJson("");
      },
    }),
  },
];

async function countFields(
  batches: AsyncIterable<Task[]>,
): Promise<{ columns: Map<string, number>; common: string[] }> {
  const columns = new Map<string, number>();
  const takeTurn = turnTaking();
  let tasks = 0;
  for await (const batch of batches)
    for (const { data } of batch) {
      tasks++;
      for (const name of data.startsWith("{") ? rawMembers(data).keys() : [])
        columns.set(name, (columns.get(name) ?? 0) + 1);
      await takeTurn();
    }
  return { columns, common: [...columns].flatMap(([name, count]) => (count === tasks ? name : [])) };
}

function nested(labels: Map<string, Map<string, number>>): Record<string, Record<string, number>> {
  return Object.fromEntries([...labels].map(([name, counted]) => [name, Object.fromEntries(counted)]));
}
