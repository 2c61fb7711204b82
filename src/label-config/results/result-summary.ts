import { membersOf, textOf } from "../task-values.ts";

/** An answer as people read it. */
export interface ReadableAnswer {
  /** The name of what was asked. */
  name: string;
  text: string;
}

/** The result of an annotation, a JSON array, for people. */
export function readableAnswers(result: string): ReadableAnswer[] {
  const entries: unknown = JSON.parse(result);
  return (Array.isArray(entries) ? entries : []).map((entry) => {
    const { from_name, type, value } = membersOf(entry);
    return { name: textOf(from_name ?? type), text: answerText(textOf(type), membersOf(value)) };
  });
}

function answerText(type: string, value: Record<string, unknown>): string {
  if (type === "pairwise") return { left: "The first", right: "The second" }[textOf(value.selected)] ?? "";
  if (type === "rating") return `${textOf(value.rating)} stars`;
  if (type === "ranker") return Object.values(membersOf(value.ranker)).map(listed).join("\n");
  if (type === "taxonomy") return [value.taxonomy ?? []].flat().map(path).join("\n");
  const answer = value[type] ?? value.text ?? value.number ?? value.datetime;
  const region = typeof value.text === "string" && type !== "text" ? ` – “${value.text}”` : "";
  if (type === "textarea") return textOf(value.text);
  return answer === undefined ? JSON.stringify(value) : listed(answer) + region;
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.map(path).join(", ") : textOf(value);
}

function path(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(" › ") : textOf(value);
}
