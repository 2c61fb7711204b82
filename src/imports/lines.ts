import { largestRecord, tooLong } from "./record.ts";

export interface Line {
  line: number;
  text: string;
}

/** The lines that hold more than blanks, numbered from 1, without their ends (LF or CR LF). */
export async function* filledLines(text: AsyncIterable<string>): AsyncGenerator<Line> {
  let line = 1;
  let rest = "";
  for await (const piece of text) {
    const [end = "", ...begun] = piece.split("\n");
    rest += end;
    for (const next of begun) {
      if (rest.trim()) yield { line, text: withoutReturn(rest) };
      rest = next;
      line++;
    }
    if (rest.length > largestRecord) throw tooLong(line);
  }
  if (rest.trim()) yield { line, text: withoutReturn(rest) };
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
