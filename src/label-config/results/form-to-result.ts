import { randomBytes } from "node:crypto";

import { answerTo } from "./answer-values.ts";
import type { ControlPart, LabelForm } from "../form/parts.ts";
import { shownControls } from "../form/visibility.ts";
import type { Fields } from "../form/visibility.ts";

/** An answer to a control, as in `result` of upstream's annotations. */
export interface ResultEntry {
  id: string;
  from_name: string;
  to_name: string;
  /** The control tag in small letters. */
  type: string;
  origin: string;
  value: Record<string, unknown>;
}

/** What a form's fields say, or by name of the control what to do about them. */
export type Answers = { ok: true; result: ResultEntry[] } | { ok: false; errors: Record<string, string> };

/** The `result` of an annotation out of the fields of the form. Hidden controls have no answer and are not required. */
export function formToResult(form: LabelForm, fields: Fields): Answers {
  const answers = shownControls(form, fields).map((control) => ({ control, ...answerTo(control, fields) }));
  const errors = answers.flatMap(({ control, error }) => (error === undefined ? [] : [[control.name, error]]));
  if (errors.length) return { ok: false, errors: Object.fromEntries(errors) as Record<string, string> };
  const result = answers.flatMap(({ control, value }) => (value ? [entryOf(control, value)] : []));
  return { ok: true, result };
}

/** `type` of the answers to a control. */
export function resultType(control: ControlPart): string {
  return control.tag.toLowerCase();
}

function entryOf(control: ControlPart, value: Record<string, unknown>): ResultEntry {
  const from_name = control.name;
  // Upstream's editor writes a comparison as an answer about itself.
  const to_name = control.tag === "Pairwise" ? from_name : control.to_name;
  return { id: newId(), from_name, to_name, type: resultType(control), origin: "manual", value };
}

/** Ten signs of A-Z, a-z, 0-9, _ and -, as upstream's editor gives to each region. */
function newId(): string {
  return randomBytes(8).toString("base64url").slice(0, 10);
}
