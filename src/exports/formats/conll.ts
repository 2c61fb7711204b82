import { turnTaking } from "../../common/event-loop.ts";
import type { FormatInput } from "./format-input.ts";
import { labelsOf, numberOf, toItems } from "./items.ts";
import type { ExportItem } from "./items.ts";
import { tokenGroups } from "./treebank-tokenizer.ts";
import type { Token } from "./treebank-tokenizer.ts";

/** CoNLL 2003: a token on each line with its tag, a blank line after each annotation of a text. */
export async function* conll({ open, typeOf, dataKey }: FormatInput): AsyncGenerator<string> {
  const takeTurn = turnTaking();
  yield "-DOCSTART- -X- O\n";
  for await (const task of open())
    for (const item of toItems(task, typeOf)) {
      const text = item.data[dataKey];
      if (typeof text !== "string") continue;
      const tagOf = tagger(spansOf(item));
      for (const tokens of tokenGroups(text)) {
        yield tokens.map((each) => `${each.token} -X- _ ${tagOf(each)}\n`).join("");
        await takeTurn();
      }
      yield "\n";
    }
}

/** Where a label begins and ends, in code points; the end is the first one after it. */
interface Span {
  start: number;
  end: number;
  label: string | undefined;
}

/** Those of the first control with labels, in the order of the text; none where one of them has no place. */
function spansOf({ outputs }: ExportItem): Span[] {
  const regions = outputs.find(([first]) => first?.type.toLowerCase() === "labels") ?? [];
  const spans = regions.flatMap((region): Span[] => {
    const [start, end] = [numberOf(region, "start"), numberOf(region, "end")];
    return start === undefined || end === undefined ? [] : [{ start, end, label: labelsOf(region, "labels")?.[0] }];
  });
  return spans.length < regions.length ? [] : spans.sort((one, other) => one.start - other.start);
}

/** Returns a function to the tag of a token, for those of a text in their order: `B-` begins a span, `I-` goes on, `O` is outside. */
function tagger(spans: Span[]): (token: Token) => string {
  let at = 0;
  let isFirst = true;
  return ({ start, end }) => {
    while (at < spans.length - 1 && start >= (spans[at]?.end ?? 0)) {
      at++;
      isFirst = true;
    }
    const span = spans[at];
    if (!span || span.label === undefined || end <= span.start || start >= span.end) return "O";
    const tag = `${isFirst ? "B" : "I"}-${span.label}`;
    isFirst = false;
    return tag;
  };
}
