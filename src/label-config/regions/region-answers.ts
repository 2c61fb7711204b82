import { isDeepStrictEqual } from "node:util";

import type { ControlPart, LabelForm, RegionCondition, RegionForm, RegionQuestion } from "../form/parts.ts";
import type { Fields } from "../form/visibility.ts";
import { readAnswer } from "../results/answer-values.ts";
import { resultToForm } from "../results/result-to-form.ts";
import { resultType } from "../results/form-to-result.ts";
import { typeOf, valueOf } from "./entries.ts";
import type { Entry } from "./entries.ts";
import type { MarkedRegion } from "./kinds.ts";
import { answerRegion, findRegion } from "./regions.ts";

/** The questions about a region, with its answers so far. */
export function questionsOf({ questions }: RegionForm, region: MarkedRegion): RegionQuestion[] {
  return questions.filter(
    ({ control, asked_of }) =>
      control.to_name === region.marker.target && asked_of.every((condition) => isMet(condition, region)),
  );
}

function isMet({ whenTagName, whenLabelValue, whenChoiceValue }: RegionCondition, region: MarkedRegion): boolean {
  const { marker, entries } = region;
  const names = new Set([marker.target, ...entries.map(({ members }) => members.from_name)]);
  if (whenTagName && !whenTagName.split(",").some((name) => names.has(name))) return false;
  if (whenLabelValue && !whenLabelValue.split(",").some((label) => hasLabel(region, label))) return false;
  return !whenChoiceValue || choicesOf(entries).some((choice) => whenChoiceValue.split(",").includes(choice));
}

/** A condition names a label by its value or its alias. */
function hasLabel({ marker, labels }: MarkedRegion, label: string): boolean {
  const named = marker.palette?.labels.filter(({ words, result }) => words === label || result === label) ?? [];
  return labels.includes(label) || named.some(({ result }) => labels.includes(result));
}

function choicesOf(entries: Entry[]): string[] {
  return entries.flatMap((entry) => {
    const { choices } = valueOf(entry);
    return Array.isArray(choices) ? choices.flat().map(String) : [];
  });
}

/** The questions about a region as a form of their own. */
export function questionForm(questions: RegionQuestion[]): LabelForm {
  return {
    parts: questions.flatMap(({ question, control }) => [{ tag: "Header" as const, text: question, size: 4 }, control]),
    controls: questions.map(({ control }) => ({ control, conditions: [] })),
    regions: { markers: [], questions: [], relations: undefined },
    omissions: [],
  };
}

/** The answers to the questions about a region, as values of a form. */
export function answersOf({ entries }: MarkedRegion, questions: RegionQuestion[]): Fields {
  return resultToForm(
    questionForm(questions),
    entries.map(({ members }) => members),
  );
}

/** Gives a region the answers of a form. `is_submitted`: those that are required have to be there. */
export function answerQuestions(
  form: RegionForm,
  entries: readonly Entry[],
  region: MarkedRegion,
  fields: Fields,
  { is_submitted }: { is_submitted: boolean },
): { entries: Entry[]; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const names = form.questions.map(({ control }) => control.name);
  let answered = [...entries];
  for (const { control } of questionsOf(form, region)) {
    const { value, error } = readAnswer({ ...control, required: control.required && is_submitted }, fields);
    if (error !== undefined) errors[control.name] = error;
    else if (!isDeepStrictEqual(value, answerIn(region, control))) {
      const answer = { name: control.name, type: resultType(control), target: control.to_name, value };
      const current = findRegion(answered, [region.marker], region.id) ?? region;
      answered = answerRegion(answered, current, answer, names.slice(0, names.indexOf(control.name)));
    }
  }
  return { entries: answered, errors };
}

/** The answer of a region, as `readAnswer` gives it. */
function answerIn(region: MarkedRegion, control: ControlPart): Record<string, unknown> | undefined {
  const type = resultType(control);
  const entry = region.entries.find((each) => each.members.from_name === control.name && typeOf(each) === type);
  const member = type === "textarea" ? "text" : type;
  return entry && { [member]: valueOf(entry)[member] };
}

/** The questions that have to be answered for a region, and are not. */
export function missingAnswers(form: RegionForm, region: MarkedRegion): Record<string, string> {
  const questions = questionsOf(form, region);
  return answerQuestions(form, region.entries, region, answersOf(region, questions), { is_submitted: true }).errors;
}
