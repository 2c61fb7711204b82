import { displayText, objectMembers } from "../label-config/task-values.ts";

/** A field of a task's data for display. */
export interface DataField {
  name: string;
  text: string;
  /** The value, if it is an http(s) URL, or the address of a file on this server. */
  link: string | undefined;
}

/** About as much as a row of the table shows on a wide screen. */
const maxPreviewLength = 100;

/** The address of an upload or a local file; the server may be below a path. */
const isOwnFile = /^(?:\/[\w.~-]+)*\/data\/(?:upload|local-files)\/\S+$/;

/** Returns the fields of a task's data, which is a JSON object. */
export function dataFields(data: string): DataField[] {
  return Object.entries(objectMembers(JSON.parse(data))).map(([name, value]) => {
    const text = displayText(value);
    const link = isOwnFile.test(text) || (/^https?:\/\/\S+$/i.test(text) && URL.canParse(text)) ? text : undefined;
    return { name, text: text.startsWith("data:") ? "A file within the data" : text, link };
  });
}

/** Returns a task's data on one line, cut to 100 characters. */
export function taskPreview(data: string): string {
  const line = dataFields(data)
    .map(({ text }) => text.slice(0, maxPreviewLength + 1).replace(/\s+/g, " "))
    .filter(Boolean)
    .join(" · ");
  return line.length > maxPreviewLength ? `${line.slice(0, maxPreviewLength).replace(/[\s·]+$/, "")}…` : line;
}
