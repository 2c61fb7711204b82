import { formatCount } from "./report.ts";
import type { Report } from "./report.ts";
import type { SqlCondition, Source } from "./source.ts";

interface UnsupportedKind {
  names: string;
  table: string;
  /** Used by the condition; older versions may lack it. */
  column?: string;
  condition?: SqlCondition;
  advice: string;
}

/** Data that this server has no equivalent of, with advice for people. */
const kinds: UnsupportedKind[] = [
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

/** Tells in the report what data of the source is not migrated, of each kind. */
export async function reportUnsupportedData(source: Source, report: Report): Promise<void> {
  const addSentence = (count: number, names: string, advice: string) => {
    if (count === 0) return;
    report.notes.push(`Not moved: ${formatCount(count, names)} (${advice}).`);
    report.unsupported.push(formatCount(count, names));
  };
  for (const { names, table, column, condition, advice } of kinds)
    if (source.has(table, column)) addSentence(await source.count(table, condition), names, advice);
  let storages = 0;
  for (const table of source.tables())
    if (/^io_storages_\w+(im|ex)portstorage$/.test(table)) storages += await source.count(table);
  addSentence(storages, "cloud storages", "send files to this server instead");
}
