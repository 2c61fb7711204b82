/** How a file was read where it can be read in more than one way. `line` is where it begins, counted from 1. */
export type Assumption =
  | { kind: "encoding"; name: string }
  | { kind: "separator"; name: string }
  | { kind: "separator-line"; line: string }
  | { kind: "column"; name: string; numbered: string }
  | { kind: "quotes"; line: number }
  | { kind: "completions" };

export type Assume = (assumption: Assumption) => void;

/** So many columns are named. */
const maxNamed = 5;

/** Collects what was assumed of a file, however often, and tells it in sentences for people. */
export function assumptionLog() {
  const once = new Set<string>();
  const columns: string[] = [];
  let moreColumns = 0;
  let quotes = 0;
  let firstQuote = 0;
  let completions = 0;
  return {
    assume: (assumption: Assumption): void => {
      switch (assumption.kind) {
        case "encoding":
          once.add(`It was read as ${assumption.name}.`);
          break;
        case "separator":
          once.add(`${assumption.name} separate its columns.`);
          break;
        case "separator-line":
          once.add(`Its line “${assumption.line}” says what separates the columns, and is no task.`);
          break;
        case "column":
          if (columns.length < maxNamed) columns.push(`“${assumption.name}” became “${assumption.numbered}”`);
          else moreColumns++;
          break;
        case "quotes":
          quotes++;
          firstQuote ||= assumption.line;
          break;
        case "completions":
          completions++;
      }
    },

    sentences: (): string[] => {
      const many = (count: number) => count.toLocaleString("en");
      const sentences = [...once];
      if (columns.length > 0) {
        const more = moreColumns > 0 ? [`and ${many(moreColumns)} more`] : [];
        sentences.push(`Several columns have one name: ${[...columns, ...more].join(", ")}.`);
      }
      if (quotes === 1)
        sentences.push(`The row in line ${many(firstQuote)} has quotes inside a value. They were kept.`);
      if (quotes > 1)
        sentences.push(
          `${many(quotes)} rows have quotes inside a value, the first in line ${many(firstQuote)}. They were kept.`,
        );
      if (completions > 0)
        sentences.push(
          `“completions” are annotations, by their old name: in ${many(completions)} ${completions === 1 ? "task" : "tasks"}.`,
        );
      return sentences;
    },
  };
}
