import { compactJson, membersOf } from "../../json.ts";

/** A member of the body to keep: as it was sent, where that was JSON; undefined when it was left out. */
export function kept(text: string | undefined, name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const sent = text === undefined ? undefined : membersOf(text).get(name);
  return sent === undefined || sent === "null" ? JSON.stringify(value) : compactJson(sent);
}
