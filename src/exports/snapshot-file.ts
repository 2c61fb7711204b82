import { lineSplitter } from "../common/line-splitter.ts";
import { rawElements, RawJson, rawMembers, stringifyJson } from "../common/raw-json.ts";
import type { ExportedAnnotation, ExportedTask } from "../presenters/exported-task.ts";
import { writeList } from "./chunks.ts";

/** The file of a snapshot in chunks of text: a JSON list with each task in a line of its own. */
export function writeSnapshot(tasks: AsyncIterable<ExportedTask[]>): AsyncGenerator<string> {
  // Raw JSON may hold line ends, but only between tokens: in strings they are escaped.
  const write = (task: ExportedTask) => stringifyJson(task).replaceAll(/[\r\n]/g, " ");
  return writeList(tasks, write, { start: "[\n", separator: ",\n", end: "\n]\n", empty: "[]\n" });
}

/** Reads the tasks of such a file, a list for each chunk, with the fields that other formats need; numbers keep their digits. */
export async function* readSnapshot(file: AsyncIterable<Buffer>): AsyncGenerator<ExportedTask[]> {
  const decoder = new TextDecoder();
  const splitter = lineSplitter();
  const parse = (lines: string[]) => lines.filter((line) => line.startsWith("{")).map(parseTask);
  for await (const chunk of file) yield parse(splitter.push(decoder.decode(chunk, { stream: true })));
  yield parse([splitter.rest()]);
}

function parseTask(line: string): ExportedTask {
  const members = rawMembers(line);
  return {
    id: Number(members.get("id")),
    data: new RawJson(members.get("data") ?? "{}"),
    annotations: rawElements(members.get("annotations") ?? "[]").map(parseAnnotation),
  };
}

function parseAnnotation(text: string): ExportedAnnotation {
  const members = rawMembers(text);
  const fields = [...members].map(([name, value]): [string, unknown] => [
    name,
    name === "result" ? new RawJson(value) : JSON.parse(value),
  ]);
  return Object.fromEntries(fields) as unknown as ExportedAnnotation;
}
