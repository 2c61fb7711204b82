import { valueFor } from "../task-values.ts";
import { allTags, attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";

/** An entry of the list that a Repeater repeats its content for. */
interface RepeatedEntry {
  /** From 1. */
  number: number;
  /** The entries of the list. */
  count: number;
  content: (Tag | string)[];
}

/** How much a page may still repeat; taken from as Repeaters are read, also from those inside of others. */
export interface RepeatBudget {
  tags: number;
}

/** A tag costs as much as so many characters. */
const charactersOfTag = 400;

/**
 * The content of a Repeater for each entry of the list that its `on` names: its counter, `{{idx}}` or what `indexFlag` says, is
 * replaced by the entry's index in every attribute and text. `is_cut`: the budget is not enough for all entries.
 */
export function repeatedEntries(
  repeater: Tag,
  data: Record<string, unknown>,
  budget: RepeatBudget,
): { entries: RepeatedEntry[]; is_cut: boolean } {
  const list = valueFor(attribute(repeater, "on"), data);
  const count = Array.isArray(list) ? list.length : 0;
  const cost = allTags(repeater).length + Math.floor(repeater.markup.length / charactersOfTag);
  const affordable = Math.min(count, Math.floor(budget.tags / cost));
  budget.tags -= affordable * cost;
  const counter = attribute(repeater, "indexFlag") || "{{idx}}";
  const entries = Array.from({ length: affordable }, (_, index) => ({
    number: index + 1,
    count,
    content: repeater.content.map((part) => withIndex(part, counter, String(index))),
  }));
  return { entries, is_cut: affordable < count };
}

function withIndex(part: Tag | string, counter: string, index: string): Tag | string {
  if (typeof part === "string") return part.replaceAll(counter, index);
  const content = part.content.map((each) => withIndex(each, counter, index));
  return {
    ...part,
    attributes: new Map([...part.attributes].map(([name, value]) => [name, value.replaceAll(counter, index)])),
    text: part.text.replaceAll(counter, index),
    markup: part.markup.replaceAll(counter, index),
    content,
    children: content.filter((each) => typeof each !== "string"),
  };
}
