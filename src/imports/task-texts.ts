import { compactJson, rawElements, rawMembers } from "../common/raw-json.ts";
import type { ImportedTask } from "./task.ts";

/** The JSON to keep of a task; `annotations` and `predictions` are their results, in their order. */
export interface TaskTexts {
  data: string;
  meta: string;
  annotations: string[];
  predictions: string[];
}

/** The parts of a task as JSON: as they were written, where `text` is the record's own, so that no digit and no order is lost. */
export function taskTexts(task: ImportedTask, text?: string): TaskTexts {
  return text === undefined ? written(task) : copied(task, rawMembers(text), text);
}

function written({ data, meta, annotations, predictions }: ImportedTask): TaskTexts {
  return {
    data: JSON.stringify(data),
    meta: JSON.stringify(meta),
    annotations: annotations.map(({ result }) => JSON.stringify(result)),
    predictions: predictions.map(({ result }) => JSON.stringify(result)),
  };
}

function copied(task: ImportedTask, members: Map<string, string>, text: string): TaskTexts {
  const data = members.get("data");
  if (data === undefined) return { ...written(task), data: compactJson(text) };
  return {
    data: compactJson(data),
    meta: compactJson(members.get("meta") ?? "{}"),
    annotations: results(members.get("annotations")),
    predictions: results(members.get("predictions")),
  };
}

/** An element that is no object is the id of a prediction, which taskFrom passes over, too. */
function results(list = "[]"): string[] {
  const objects = rawElements(list).filter((element) => element.startsWith("{"));
  return objects.map((element) => compactJson(rawMembers(element).get("result") ?? "[]"));
}
