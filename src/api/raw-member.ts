import type { SubmittedJson } from "./bodies/raw-json.ts";
import { compactJson, rawMembers } from "../common/raw-json.ts";

/** A member of the body to keep, as it was sent; undefined when it was left out. `text`: the body, where that was JSON. */
export function rawMember(
  text: string | undefined,
  name: string,
  sent: SubmittedJson<unknown> | undefined,
): string | undefined {
  if (sent === undefined) return undefined;
  const json = sent.text ?? (text === undefined ? undefined : rawMembers(text).get(name));
  return json === undefined ? JSON.stringify(sent.value) : compactJson(json);
}
