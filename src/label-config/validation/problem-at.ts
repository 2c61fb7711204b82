import type { Problem, Tag } from "../xml/tree.ts";

/** A problem of this tag, told with its line. */
export function problemAt(tag: Tag, message: string, explanation: string): Problem {
  return { message, explanation: `Line ${tag.line}, <${tag.tag}>: ${explanation}`, line: tag.line, tag: tag.tag };
}
