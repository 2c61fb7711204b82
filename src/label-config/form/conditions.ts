import type { Conditions } from "./parts.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";

/** When a tag is shown; undefined when it always is. `whenChoiceValue` alone waits for that choice, too. */
export function conditionsOf(tag: Tag): Conditions | undefined {
  const visibleWhen = attribute(tag, "visibleWhen");
  const whenChoiceValue = attribute(tag, "whenChoiceValue");
  const whenTagName = attribute(tag, "whenTagName");
  if (visibleWhen === "choice-selected" || visibleWhen === "choice-unselected")
    return { visibleWhen, whenTagName, whenChoiceValue };
  if (!visibleWhen && whenChoiceValue)
    return { visibleWhen: "choice-selected", whenTagName: undefined, whenChoiceValue };
  return undefined;
}

/** Whether a tag is only shown while a region is selected. */
export function needsRegion(tag: Tag): boolean {
  return attribute(tag, "visibleWhen") === "region-selected" || attribute(tag, "perRegion")?.toLowerCase() === "true";
}
