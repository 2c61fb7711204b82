import { stringifyJson } from "../../common/raw-json.ts";
import { objectMembers, displayText } from "../task-values.ts";

/** An answer as text for people. */
export interface AnswerSummary {
  /** The control's name. */
  name: string;
  text: string;
}

/** Formats the result of an annotation, a JSON array, for people. */
export function summarizeResult(result: string): AnswerSummary[] {
  const entries: unknown = JSON.parse(result);
  return (Array.isArray(entries) ? entries : []).map((entry) => {
    const { from_name, type, value } = objectMembers(entry);
    return { name: displayText(from_name ?? type), text: answerText(displayText(type), objectMembers(value)) };
  });
}

function answerText(type: string, value: Record<string, unknown>): string {
  if (type === "pairwise") return { left: "The first", right: "The second" }[displayText(value.selected)] ?? "";
  if (type === "rating") return `${displayText(value.rating)} stars`;
  if (type === "ranker") return Object.values(objectMembers(value.ranker)).map(formatList).join("\n");
  if (type === "taxonomy") return [value.taxonomy ?? []].flat().map(formatPath).join("\n");
  const answer = value[type] ?? value.text ?? value.number ?? value.datetime;
  const region = typeof value.text === "string" && type !== "text" ? ` – “${value.text}”` : "";
  if (type === "textarea") return displayText(value.text);
  return answer === undefined ? stringifyJson(value) : formatList(answer) + region;
}

function formatList(value: unknown): string {
  return Array.isArray(value) ? value.map(formatPath).join(", ") : displayText(value);
}

function formatPath(value: unknown): string {
  return Array.isArray(value) ? value.map(displayText).join(" › ") : displayText(value);
}
