import { limits } from "../common/limits.ts";
import { maxRecordLength, RecordError, recordTooLong } from "./record.ts";

/** A row and the line it begins in: values may hold line ends. */
export interface Row {
  line: number;
  cells: string[];
  /** A value has a quote that neither begins nor ends it, and was kept as a letter. */
  hasStrayQuote: boolean;
}

/** Before a cell, in one without quotes, in a quoted one, and after a quote in a quoted one, which may end it. */
type State = "start" | "plain" | "quoted" | "quote";

const quote = '"';

/**
 * Splits the text of a CSV or TSV file into rows, as RFC 4180 has it; lines may end with CR LF, LF or CR, and blank ones are
 * skipped. It is lenient where that can't move the border of a row: a quote inside a value is a letter, `5" pipe`, and so are all
 * those of a value with text behind its closing quote, `"5" pipe`. Anything else throws a RecordError with its line.
 */
export class CsvScanner {
  readonly #delimiter: string;
  #state: State = "start";
  #line: number;
  #cells: string[] = [];
  #cell = "";
  #rowLength = 0;
  #hasStrayQuote = false;
  #isFirstRow = true;
  #endedWithReturn = false;

  constructor(delimiter: string, firstLine = 1) {
    this.#delimiter = delimiter;
    this.#line = firstLine;
  }

  /** The rows that end in the next part of the text; they come before the error behind them. */
  *push(chunk: string): Generator<Row> {
    let at = 0;
    if (this.#endedWithReturn && chunk.startsWith("\n")) at = 1;
    if (chunk) this.#endedWithReturn = false;
    while (at < chunk.length) {
      const character = chunk.charAt(at);
      if (this.#state === "quoted") at = this.#scanQuoted(chunk, at);
      else if (this.#state === "start" && character === quote) {
        this.#state = "quoted";
        at = this.#count(at);
      } else if (this.#state === "quote" && character === quote) {
        this.#cell += quote;
        this.#state = "quoted";
        at = this.#count(at);
      } else if (character === this.#delimiter) {
        this.#endCell();
        at = this.#count(at);
      } else if (character === "\n" || character === "\r") {
        yield* this.#endRow();
        at++;
        if (character === "\r" && chunk.charAt(at) === "\n") at++;
        else this.#endedWithReturn = character === "\r" && at === chunk.length;
      } else at = this.#scanPlain(chunk, at);
    }
    this.#checkLength();
  }

  /** The last row, if the file ends without a line end. */
  *end(): Generator<Row> {
    if (this.#state === "quoted")
      throw new RecordError(this.#line, 'A quote opens in the row that begins here and never closes. Close it with ".');
    if (this.#state !== "start" || this.#cells.length > 0) yield* this.#endRow();
  }

  #scanQuoted(chunk: string, from: number): number {
    const found = chunk.indexOf(quote, from);
    const end = found < 0 ? chunk.length : found;
    this.#cell += chunk.slice(from, end);
    this.#rowLength += end - from;
    if (found < 0) return end;
    this.#state = "quote";
    return this.#count(found);
  }

  #scanPlain(chunk: string, from: number): number {
    if (this.#state === "quote") this.#takeQuotesAsLetters();
    this.#state = "plain";
    let end = from;
    if (chunk.charAt(end) === quote) {
      this.#hasStrayQuote = true;
      end++;
    }
    const delimiter = this.#delimiter.charCodeAt(0);
    for (; end < chunk.length; end++) {
      const code = chunk.charCodeAt(end);
      if (code === delimiter || code === 0x0a || code === 0x0d || code === 0x22) break;
    }
    this.#cell += chunk.slice(from, end);
    this.#rowLength += end - from;
    return end;
  }

  /** Over several lines a quote that is no letter is more likely: a forgotten one would merge rows in silence. */
  #takeQuotesAsLetters(): void {
    if (/[\r\n]/.test(this.#cell))
      throw new RecordError(
        this.#line,
        'There is a quote inside a value of the row that begins here. Put the whole value in quotes, and write each quote inside it twice: "a ""word""".',
      );
    this.#hasStrayQuote = true;
    this.#cell = `"${this.#cell.replaceAll(quote, '""')}"`;
  }

  #count(at: number): number {
    this.#rowLength++;
    return at + 1;
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = "";
    this.#state = "start";
    if (!this.#isFirstRow) return;
    if (this.#cells.length >= limits.taskFields)
      throw new RecordError(1, `There are more than ${limits.taskFields} columns. Import fewer of them.`);
    this.#checkLength();
  }

  *#endRow(): Generator<Row> {
    const line = this.#line++;
    if (this.#state === "start" && this.#cells.length === 0) return;
    this.#checkLength(line);
    const cells = [...this.#cells, this.#cell];
    this.#line += lineEnds(cells);
    yield { line, cells, hasStrayQuote: this.#hasStrayQuote };
    this.#cells = [];
    this.#cell = "";
    this.#state = "start";
    this.#rowLength = 0;
    this.#hasStrayQuote = false;
    this.#isFirstRow = false;
  }

  #checkLength(line = this.#line): void {
    if (this.#isFirstRow && this.#rowLength > limits.columnNames)
      throw new RecordError(
        1,
        `The first line is longer than ${limits.columnNames} characters. Write the column names in it, and tasks below.`,
      );
    if (this.#rowLength > maxRecordLength) throw recordTooLong(line);
  }
}

function lineEnds(cells: string[]): number {
  const hasLineEnd = (cell: string) => cell.includes("\n") || cell.includes("\r");
  return cells.reduce((count, cell) => count + (hasLineEnd(cell) ? cell.split(/\r\n|\n|\r/).length - 1 : 0), 0);
}
