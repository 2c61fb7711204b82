import type { AppContext } from "../context.ts";
import { countAnswers } from "../label-config/validation/answers-in-use.ts";
import type { AnswerUsage } from "../label-config/validation/answers-in-use.ts";

const annotationsAtATime = 500;

/** What was answered in a project so far, counted. */
export async function loadAnswerUsage(
  { repositories }: Pick<AppContext, "repositories">,
  project_id: number,
): Promise<AnswerUsage> {
  const given: AnswerUsage = { kinds: new Map(), labels: new Map() };
  for (let last = 0; ;) {
    const rows = await repositories.annotations.listResultsAfter(project_id, last, annotationsAtATime);
    for (const { result } of rows) countAnswers(given, result);
    last = rows.at(-1)?.id ?? 0;
    if (rows.length < annotationsAtATime) return given;
  }
}
