import { rawElements, RawJson, rawMembers, stringifyJson } from "../common/raw-json.ts";
import { pieces } from "./pieces.ts";
import type { ExportedAnnotation, ExportedTask } from "../presenters/exported-task.ts";

/** The file of a snapshot in pieces of text: a list in JSON, with each task in a line of its own. */
export function writeSnapshot(tasks: AsyncIterable<ExportedTask>): AsyncGenerator<string> {
  return pieces(lines(tasks));
}

async function* lines(tasks: AsyncIterable<ExportedTask>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const task of tasks) {
    // What is kept as it came may stand in several lines; in JSON these are spaces, outside of texts.
    yield before + stringifyJson(task).replaceAll(/[\r\n]/g, " ");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** The tasks of such a file, one at a time, as far as other formats need them; numbers keep their digits. */
export async function* readSnapshot(file: AsyncIterable<Buffer>): AsyncGenerator<ExportedTask> {
  for await (const line of linesOf(file)) if (line.startsWith("{")) yield taskIn(line);
}

function taskIn(line: string): ExportedTask {
  const members = rawMembers(line);
  return {
    id: Number(members.get("id")),
    data: new RawJson(members.get("data") ?? "{}"),
    annotations: rawElements(members.get("annotations") ?? "[]").map(annotationIn),
  };
}

function annotationIn(text: string): ExportedAnnotation {
  const members = rawMembers(text);
  const fields = [...members].map(([name, value]): [string, unknown] => [
    name,
    name === "result" ? new RawJson(value) : JSON.parse(value),
  ]);
  return Object.fromEntries(fields) as unknown as ExportedAnnotation;
}

async function* linesOf(file: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of file) {
    const [end = "", ...begun] = decoder.decode(piece, { stream: true }).split("\n");
    rest += end;
    for (const next of begun) {
      yield rest;
      rest = next;
    }
  }
  if (rest) yield rest;
}
