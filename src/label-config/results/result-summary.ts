import { stringifyJson } from "../../common/raw-json.ts";
import { allOptions } from "../form/options.ts";
import type { ControlPart, LabelForm } from "../form/parts.ts";
import { questionsByName } from "../form/questions.ts";
import { hasPlace } from "../regions/entries.ts";
import { kindOf } from "../regions/kinds.ts";
import type { Palette } from "../regions/markers.ts";
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
  const labels = new Map([
    ...form.controls.map(({ control }): [string, Labels] => [control.name, labelsOf(control)]),
    ...form.regions.questions.map(({ control }): [string, Labels] => [control.name, labelsOf(control)]),
    ...form.regions.markers.flatMap(({ palette }) => (palette ? [paletteLabels(palette)] : [])),
  ]);
  const segments = new Map(
    form.regions.markers.flatMap((marker) =>
      marker.kind === "segment" || marker.kind === "series" ? [[marker.name, marker] as const] : [],
    ),
  );
  const regionQuestions = new Map(form.regions.questions.map(({ control, question }) => [control.name, question]));
  const isAnswer = answerFilter(form);
  return (result) => {
    const entries = resultEntries(result);
    const textOf = regionTexts(entries);
    return entries.map((entry) => {
      const { from_name, type } = entry;
      if (type === "relation") return relationSummary(entry, textOf);
      const name = displayText(from_name ?? type);
      const control = isAnswer(entry) ? controls.get(name) : undefined;
      const value = objectMembers(entry.value);
      const isAboutRegion = hasPlace(value);
      const known = (control ?? isAboutRegion) ? labels.get(name) : undefined;
      const segment = isAboutRegion ? segments.get(name) : undefined;
      const place = segment && kindOf(segment).describe(segment, value).place;
      return {
        question: (control && questions.get(name)) ?? (isAboutRegion ? regionQuestions.get(name) : undefined) ?? name,
        text: answerText(displayText(type), value, known ?? noLabels) + (place ? ` – ${place}` : ""),
        stars: control?.tag === "Rating" ? starsOf(value.rating, control.maxRating) : undefined,
      };
    });
  };
}

/** The texts of regions by their ids: what spans cover, else their labels. */
function regionTexts(entries: Record<string, unknown>[]): (id: unknown) => string {
  const texts = new Map<string, string>();
  for (const { id, type, value } of entries) {
    const members = objectMembers(value);
    const labels = members[displayText(type)];
    const text =
      typeof members.text === "string"
        ? spanText(members.text)
        : Array.isArray(labels)
          ? labels.map(displayText).join(", ")
          : "";
    const key = displayText(id);
    if (text && !texts.has(key)) texts.set(key, text);
  }
  return (id) => texts.get(displayText(id)) ?? displayText(id);
}

/** A span's text has each line break as a backslash and an n. */
function spanText(text: string): string {
  return `“${text.replaceAll(String.raw`\n`, " ")}”`;
}

function relationSummary(
  { from_id, to_id, direction, labels }: Record<string, unknown>,
  textOf: (id: unknown) => string,
): AnswerSummary {
  const arrow = direction === "bi" ? "↔" : direction === "left" ? "←" : "→";
  const named = Array.isArray(labels) && labels.length > 0 ? ` (${labels.map(displayText).join(", ")})` : "";
  return { question: "Relation", text: `${textOf(from_id)} ${arrow} ${textOf(to_id)}${named}`, stars: undefined };
}

function paletteLabels({ name, labels }: Palette): [string, Labels] {
  return [name, new Map(labels.map(({ result, words }) => [stringifyJson(result), words]))];
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
  const region = typeof value.text === "string" && type !== "text" ? ` – ${spanText(value.text)}` : "";
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
