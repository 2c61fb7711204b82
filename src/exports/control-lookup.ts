import { namePattern, startsLike } from "../label-config/repeated-names.ts";

/** A project's `parsed_label_config`, as far as exports need it. */
export type ControlTypes = Record<string, { type: string; regex?: Record<string, string> }>;

/** The type of the control that a result's `from_name` belongs to; undefined when the label config has no such control. */
export type ControlLookup = (from_name: string, resultType: unknown) => string | undefined;

/**
 * Looks up controls by the names in results.
 *
 * A control inside a Repeater is named like `label_{{idx}}` and stands for all names of that pattern; the longest pattern
 * wins. A project without controls accepts any result, with the type that the result itself names.
 */
export function controlLookup(controls: ControlTypes): ControlLookup {
  const byName = new Map(Object.entries(controls));
  const repeated = [...byName]
    .map(([name, { type, regex }]) => ({ name, type, pattern: namePattern(name, Object.keys(regex ?? {})) }))
    .filter(({ pattern }) => pattern.length > 1)
    .sort((one, other) => other.name.length - one.name.length);
  return (from_name, resultType) => {
    if (byName.size === 0) return typeof resultType === "string" ? resultType : "unknown";
    // A Chat needs no toName, and then is no control: the messages that people wrote are answers all the same.
    if (resultType === "chatmessage") return "Chat";
    return (byName.get(from_name) ?? repeated.find(({ pattern }) => startsLike(pattern, from_name)))?.type;
  };
}
