import { dataKey } from "../label-config/task-data.ts";
import type { DataTypes } from "../label-config/task-data.ts";
import type { ImportFormat } from "../repositories/jobs/imports.ts";

/** A small example file. */
interface Example {
  format: Exclude<ImportFormat, "media" | "document">;
  text: string;
}

/** A value for a tag to show, in the first or the second task. Other tags show text. */
const samples: Record<string, (number: number) => unknown> = {
  Image: (number) => `https://example.com/${number}.jpg`,
  Audio: (number) => `https://example.com/${number}.mp3`,
  AudioPlus: (number) => `https://example.com/${number}.mp3`,
  Video: (number) => `https://example.com/${number}.mp4`,
  Pdf: (number) => `https://example.com/${number}.pdf`,
  HyperText: (number) => `<p>Text ${number}</p>`,
  Paragraphs: (number) => [{ author: "Ada", text: `Sentence ${number}` }],
  Chat: (number) => [{ role: "user", content: `Message ${number}` }],
  Table: (number) => ({ size: number }),
  TimeSeries: (number) => ({ time: [0, 1], value: [number, number] }),
  List: (number) => [{ id: "a", title: `Item ${number}` }],
  Choices: (number) => [{ value: `Choice ${number}` }],
  Taxonomy: (number) => [{ value: `Choice ${number}` }],
};

/** Files of two tasks each that fit a label config, in each format that can hold such tasks. */
export function importExamples(types: DataTypes): Example[] {
  const variables = types.size ? [...types] : [["text", "Text"] as const];
  const tasks = [1, 2].map((number) => sampleData(variables, number));
  const names = Object.keys(tasks[0] ?? {});
  const rows = tasks.map((data) => names.map((name) => data[name]));
  const examples: Example[] = [
    { format: "json", text: `[\n${tasks.map((data) => `  ${JSON.stringify(data)}`).join(",\n")}\n]` },
    { format: "jsonl", text: tasks.map((data) => JSON.stringify(data)).join("\n") },
  ];
  if (!isTable(rows)) return examples;
  examples.push({ format: "csv", text: tableText([names, ...rows], ",") });
  examples.push({ format: "tsv", text: tableText([names, ...rows], "\t") });
  if (names.length === 1) examples.push({ format: "txt", text: rows.flat().join("\n") });
  return examples;
}

/** Data that fits a label config. */
export function sampleTask(types: DataTypes): Record<string, unknown> {
  return sampleData(types, 1);
}

function sampleData(variables: Iterable<readonly [string, string]>, number: number): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [variable, tag] of variables) {
    const [, path] = variable.split("]");
    const sample = samples[tag]?.(number) ?? `The ${number === 1 ? "first" : "second"} ${nameOf(variable)}`;
    setAt(data, dataKey(variable).split("."), path === undefined ? sample : [nested(path, sample)]);
  }
  return data;
}

/** `$pages[{{i}}].url` shows the `url` of each page: `{ url: sample }`. */
function nested(path: string, sample: unknown): unknown {
  const keys = path.split(".").filter(Boolean);
  return keys.reduceRight((value, key) => ({ [key]: value }), sample);
}

function setAt(data: Record<string, unknown>, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) data[key] ??= value;
  else setAt((data[key] ??= {}) as Record<string, unknown>, rest, value);
}

function nameOf(variable: string): string {
  return dataKey(variable).split(".").at(-1) ?? "";
}

function isTable(rows: unknown[][]): rows is string[][] {
  return rows.flat().every((value) => typeof value === "string");
}

function tableText(rows: string[][], separator: string): string {
  const cell = (text: string) => (/[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(separator)).join("\n");
}
