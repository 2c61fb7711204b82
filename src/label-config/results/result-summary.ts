import { stringifyJson } from "../../common/raw-json.ts";
import { allOptions } from "../form/options.ts";
import type { ControlPart, LabelForm } from "../form/parts.ts";
import { questionsByName } from "../form/questions.ts";
import { displayText, objectMembers } from "../task-values.ts";
import { resultEntries } from "./result-entries.ts";
import { answerFilter } from "./result-to-form.ts";

/** An answer as text for people. */
export interface AnswerSummary {
  /** The question, or the control's name where the form has none. */
  question: string;
  text: string;
  /** Of a rating. */
  stars: { rating: number; max: number } | undefined;
}

/**
 * Returns a function that formats the result of an annotation, a JSON array, for people: in the words of the form, where it asks
 * for it. The words are collected once: a Taxonomy may have thousands of options, and a task many annotations.
 */
export function resultSummarizer(form: LabelForm): (result: string) => AnswerSummary[] {
  const questions = questionsByName(form.parts);
  const controls = new Map(form.controls.map(({ control }) => [control.name, control]));
  const labels = new Map(form.controls.map(({ control }) => [control.name, labelsOf(control)]));
  const isAnswer = answerFilter(form);
  return (result) =>
    resultEntries(result).map((entry) => {
      const { from_name, type } = entry;
      const name = displayText(from_name ?? type);
      const control = isAnswer(entry) ? controls.get(name) : undefined;
      const value = objectMembers(entry.value);
      return {
        question: (control && questions.get(name)) ?? name,
        text: answerText(displayText(type), value, (control && labels.get(name)) ?? noLabels),
        stars: control?.tag === "Rating" ? starsOf(value.rating, control.maxRating) : undefined,
      };
    });
}

/** Formats the same as one line: "Positive · Delivery, Praise". */
export function summarizeInLine(result: string, form: LabelForm): string {
  const texts = resultSummarizer(form)(result).map(({ text }) => text.replaceAll(/\s+/g, " ").trim());
  return texts.filter(Boolean).join(" · ");
}

/** More stars than this are shown as a number. */
const maxStars = 10;

function starsOf(value: unknown, max: number): AnswerSummary["stars"] {
  const rating = Number(displayText(value));
  return Number.isInteger(rating) && rating >= 0 && rating <= max && max <= maxStars ? { rating, max } : undefined;
}

/** The words of an option, by what stands for it in a result. */
type Labels = ReadonlyMap<string, string>;

const noLabels: Labels = new Map();

function labelsOf(control: ControlPart): Labels {
  if (control.tag === "Ranker") {
    const buckets = control.buckets.map(({ name, title }): [string, string] => [bucketKey(name), title]);
    return new Map([
      ...control.items.map(({ id, title }): [string, string] => [stringifyJson(id), title || id]),
      ...buckets,
    ]);
  }
  if (control.tag !== "Choices" && control.tag !== "Taxonomy") return noLabels;
  return new Map(allOptions(control.options).map(({ result, label }) => [stringifyJson(result), label]));
}

function answerText(type: string, value: Record<string, unknown>, labels: Labels): string {
  const format = (list: unknown) => (Array.isArray(list) ? list : [list]).map((path) => pathText(path, labels));
  if (type === "pairwise") return { left: "The first", right: "The second" }[displayText(value.selected)] ?? "";
  if (type === "rating") return starCount(displayText(value.rating));
  if (type === "ranker") return rankerText(objectMembers(value.ranker), format, labels);
  if (type === "chatmessage") return messageText(objectMembers(value.chatmessage));
  if (type === "taxonomy") return format(value.taxonomy ?? []).join("\n");
  const answer = value[type] ?? value.text ?? value.number ?? value.datetime;
  const region = typeof value.text === "string" && type !== "text" ? ` – “${value.text}”` : "";
  if (type === "textarea") return displayText(value.text);
  return answer === undefined ? stringifyJson(value) : format(answer).join(", ") + region;
}

function messageText({ role, content }: Record<string, unknown>): string {
  return [displayText(role), displayText(content)].filter(Boolean).join(": ");
}

/** The items of each bucket in a line of its own, after its title; those that are in none are left out. */
function rankerText(order: Record<string, unknown>, format: (list: unknown) => string[], labels: Labels): string {
  const columns = Object.entries(order).filter(([, ids]) => !Array.isArray(ids) || ids.length > 0);
  const sorted = columns.filter(([name]) => name !== "_");
  return (sorted.length ? sorted : columns)
    .map(([name, ids]) => {
      const title = labels.get(bucketKey(name));
      return `${title === undefined ? "" : `${title}: `}${format(ids).join(", ")}`;
    })
    .join("\n");
}

/** No JSON, so that it is no item's. */
function bucketKey(name: string): string {
  return `bucket ${name}`;
}

function starCount(rating: string): string {
  return `${rating} star${rating === "1" ? "" : "s"}`;
}

/** A path of nested options, each in its own words. */
function pathText(path: unknown, labels: Labels): string {
  const steps = Array.isArray(path) ? path : [path];
  const labelAt = (index: number) => labels.get(stringifyJson(Array.isArray(path) ? path.slice(0, index + 1) : path));
  return steps.map((step, index) => labelAt(index) ?? displayText(step)).join(" › ");
}
