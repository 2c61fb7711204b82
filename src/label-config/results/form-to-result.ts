import type { WrittenMessage } from "../form/chat-parts.ts";
import type { ControlPart, LabelForm } from "../form/parts.ts";
import { visibleControls } from "../form/visibility.ts";
import type { Fields } from "../form/visibility.ts";
import { newRegionId } from "../regions/region-id.ts";
import { readAnswer, untouchedAnswer } from "./answer-values.ts";

/** An answer to a control: an entry of an annotation's `result`, as in Label Studio. */
export interface ResultEntry {
  id: string;
  from_name: string;
  to_name: string;
  /** The control tag in lower case. */
  type: string;
  origin: string;
  value: Record<string, unknown>;
  /** Which message of an earlier result this is; never stored. */
  message_key?: string;
}

/** The result of a form, or messages by the name of the control. */
export type FormResult = { ok: true; result: ResultEntry[] } | { ok: false; errors: Record<string, string> };

/**
 * Converts a form's values to the `result` of an annotation. Hidden controls have no answer and are not required. `is_submitted`:
 * controls that nobody touched have the answer that they showed, as in Label Studio; drafts leave them out.
 */
export function formToResult(form: LabelForm, fields: Fields, { is_submitted = false } = {}): FormResult {
  const answers = visibleControls(form, fields).map((control) => ({ control, ...readAnswer(control, fields) }));
  const errors = answers.flatMap(({ control, error }) => (error === undefined ? [] : [[control.name, error]]));
  if (errors.length) return { ok: false, errors: Object.fromEntries(errors) as Record<string, string> };
  const result = answers.flatMap(({ control, value: answered, messages }) => {
    if (messages) return messages.map((message, index) => messageEntry(control, message, index));
    const value = answered ?? (is_submitted ? untouchedAnswer(control) : undefined);
    return value ? [entryOf(control, value)] : [];
  });
  return { ok: true, result };
}

/** The `type` of a control's answers. */
export function resultType(control: ControlPart): string {
  return control.tag.toLowerCase();
}

function entryOf(control: ControlPart, value: Record<string, unknown>): ResultEntry {
  const from_name = control.name;
  // In Label Studio, a Pairwise's answer refers to the Pairwise itself.
  const to_name = control.tag === "Pairwise" ? from_name : control.to_name;
  return { id: newRegionId(), from_name, to_name, type: resultType(control), origin: "manual", value };
}

/** Messages are sorted by `createdAt`, so that no two have the same. `message_key`: of the entry that it changes, for merging. */
function messageEntry(control: ControlPart, { role, text, key }: WrittenMessage, index: number): ResultEntry {
  const chatmessage = { role, content: text.replaceAll("\r\n", "\n"), createdAt: Date.now() + index };
  return { ...entryOf(control, { chatmessage }), message_key: key };
}
