import { lineSplitter } from "../common/line-splitter.ts";
import { rawElements, RawJson, rawMembers, stringifyJson } from "../common/raw-json.ts";
import type { ExportedAnnotation, ExportedTask } from "../presenters/exported-task.ts";
import { joinChunks } from "./chunks.ts";

/** The file of a snapshot in chunks of text: a JSON list with each task in a line of its own. */
export function writeSnapshot(tasks: AsyncIterable<ExportedTask>): AsyncGenerator<string> {
  return joinChunks(formatLines(tasks));
}

/** Reads the tasks of such a file one at a time, with the fields that other formats need; numbers keep their digits. */
export async function* readSnapshot(file: AsyncIterable<Buffer>): AsyncGenerator<ExportedTask> {
  const decoder = new TextDecoder();
  const splitter = lineSplitter();
  for await (const chunk of file)
    for (const line of splitter.push(decoder.decode(chunk, { stream: true })))
      if (line.startsWith("{")) yield parseTask(line);
  if (splitter.rest().startsWith("{")) yield parseTask(splitter.rest());
}

async function* formatLines(tasks: AsyncIterable<ExportedTask>): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const task of tasks) {
    // Raw JSON may hold line ends, but only between tokens: in strings they are escaped.
    yield separator + stringifyJson(task).replaceAll(/[\r\n]/g, " ");
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
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
