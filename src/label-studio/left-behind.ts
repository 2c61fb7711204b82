import { counted } from "./report.ts";
import type { Condition, Source } from "./source.ts";

interface Kind {
  names: string;
  table: string;
  /** Needed by the condition. */
  column?: string;
  condition?: Condition;
  advice: string;
}

/** What has no place here, and what to do about it. */
const kinds: Kind[] = [
  {
    names: "tasks with files of media/upload",
    table: "task",
    condition: ["cast(task.data as text) like ?", "%/data/upload/%"],
    advice: "their data is moved, but this server does not show those files: keep the folder, and serve it elsewhere",
  },
  {
    names: "tasks that may not be skipped",
    table: "task",
    column: "allow_skip",
    condition: ["task.allow_skip = false"],
    advice: "here every task may be",
  },
  {
    names: "tasks with comments",
    table: "task",
    column: "comment_count",
    condition: ["task.comment_count > 0"],
    advice: "there are no comments here",
  },
  { names: "machine learning backends", table: "ml_mlbackend", advice: "send predictions by the API" },
  { names: "webhooks", table: "webhook", advice: "ask the API for what changed" },
  { names: "views of the data manager", table: "data_manager_view", advice: "the list of tasks has filters" },
];

/** A sentence for each kind of thing that is there and is not moved. */
export async function unsupportedData(source: Source): Promise<string[]> {
  const sentences: string[] = [];
  const tell = (count: number, names: string, advice: string) => {
    if (count > 0) sentences.push(`Not moved: ${counted(count, names)} (${advice}).`);
  };
  for (const { names, table, column, condition, advice } of kinds)
    if (source.has(table, column)) tell(await source.count(table, condition), names, advice);
  let storages = 0;
  for (const table of source.tables())
    if (/^io_storages_\w+(im|ex)portstorage$/.test(table)) storages += await source.count(table);
  tell(storages, "cloud storages", "send files to this server instead");
  return sentences;
}
