import type { AppContext } from "../context.ts";
import { countAnswers } from "../label-config/validation/answers-in-use.ts";
import type { AnswerUsage } from "../label-config/validation/answers-in-use.ts";

const batchSize = 500;

/** Counts the tags and labels that annotations of a project use, so that a label config can't drop them. */
export async function loadAnswerUsage(
  { repositories }: Pick<AppContext, "repositories">,
  project_id: number,
): Promise<AnswerUsage> {
  const usage: AnswerUsage = { kinds: new Map(), labels: new Map() };
  for (let lastId = 0; ;) {
    const rows = await repositories.annotations.listResultsAfter(project_id, lastId, batchSize);
    for (const { result } of rows) countAnswers(usage, result);
    lastId = rows.at(-1)?.id ?? 0;
    if (rows.length < batchSize) return usage;
  }
}
