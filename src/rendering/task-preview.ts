import { objectMembers, displayText } from "../label-config/task-values.ts";

/** A value of a task's data as people read it. */
export interface DataField {
  name: string;
  text: string;
  /** Where it is an address on the web. */
  link: string | undefined;
}

const longest = 120;

/** The data of a task, a JSON object, field by field. */
export function dataFields(data: string): DataField[] {
  return Object.entries(objectMembers(JSON.parse(data))).map(([name, value]) => {
    const text = displayText(value);
    const link = /^https?:\/\/\S+$/i.test(text) && URL.canParse(text) ? text : undefined;
    return { name, text: text.startsWith("data:") ? "A file within the data" : text, link };
  });
}

/** The data of a task in a line. */
export function taskPreview(data: string): string {
  const line = dataFields(data)
    .map(({ text }) => text.slice(0, longest + 1).replace(/\s+/g, " "))
    .filter(Boolean)
    .join(" · ");
  return line.length > longest ? `${line.slice(0, longest).replace(/[\s·]+$/, "")}…` : line;
}
