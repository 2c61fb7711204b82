import { partitionPoint } from "../../common/partition-point.ts";
import { displayText } from "../task-values.ts";

/** The column of a series that has the times of its rows. */
interface TimeColumn {
  name: string;
  values: readonly unknown[];
  /** Reads a time as a number, NaN for none; undefined where these times can't be read, and rows are in their order. */
  read: ((value: unknown) => number) | undefined;
  /** Times are written in a format; a number in a result is in milliseconds then. */
  has_format: boolean;
}

/**
 * The rows of a series from left to right: by the times of a column, which ascend, as Label Studio requires, or one after the other.
 * Nothing is read but the times that are asked for, since a series may have hundreds of thousands.
 */
export class SeriesAxis {
  readonly #column: TimeColumn | undefined;
  readonly #last_row: number;

  /** `row_count`: of a series without a column of times. */
  constructor(column: TimeColumn | undefined, row_count: number) {
    this.#column = column;
    this.#last_row = (column ? column.values.length : row_count) - 1;
  }

  /** The name of the column of times; undefined where rows are numbered. */
  get column(): string | undefined {
    return this.#column?.name;
  }

  /** The first and the last row, for people. */
  get ends(): [first: string, last: string] {
    return [this.label(0), this.label(this.#last_row)];
  }

  /** Whether there is a row of this number that has a time. */
  has(row: number): boolean {
    return Number.isInteger(row) && row >= 0 && row <= this.#last_row && !Number.isNaN(this.#time(row));
  }

  /** A row for people: its time, or its number from 1. */
  label(row: number): string {
    return this.#column ? displayText(this.#column.values[row]) : String(row + 1);
  }

  /** A time of a result for people, which need not be one of a row. */
  words(value: unknown): string {
    return !this.#column && typeof value === "number" ? String(value + 1) : displayText(value);
  }

  /** What results call a row: its time, as a number where the setup has no format of times; without times its number from 0. */
  value(row: number): number | string {
    if (!this.#column) return row;
    const { values, read, has_format } = this.#column;
    const value = values[row];
    if (typeof value === "number" && !has_format) return value;
    const text = displayText(value).trim();
    const number = has_format || !read || text === "" ? Number.NaN : Number(text);
    return Number.isNaN(number) ? text : number;
  }

  /** Where a row is drawn, from 0 to 1 of the width; NaN without a time. */
  share(row: number): number {
    return this.#shareOf(this.#time(row));
  }

  /** The same for a time of a result. */
  shareOfValue(value: unknown): number {
    return this.#shareOf(this.#timeOf(value));
  }

  /** The row that is the nearest to a place from 0 to 1 of the width; undefined for a series without rows. */
  rowAt(share: number): number | undefined {
    const [first, last] = this.#span();
    return this.#nearest(first + share * (last - first));
  }

  /** The row that is the nearest to a time of a result; undefined for one that can't be read. */
  rowOf(value: unknown): number | undefined {
    return this.#nearest(this.#timeOf(value));
  }

  /** The row that is the nearest to a time, or to the number of a row, that people wrote; undefined for one that is none, or beyond. */
  rowOfText(text: string): number | undefined {
    const written = text.trim();
    if (written === "") return undefined;
    const time = this.#column ? this.#timeOf(written) : Number(written) - 1;
    return this.#isWithin(time) ? this.#nearest(time) : undefined;
  }

  /** Whether a time of a result is between the first and the last. */
  contains(value: unknown): boolean {
    return this.#isWithin(this.#timeOf(value));
  }

  /** The next row that has a time, or the one before; undefined where there is none. */
  beside(row: number, forward: boolean): number | undefined {
    const step = forward ? 1 : -1;
    for (let other = row + step; other >= 0 && other <= this.#last_row; other += step)
      if (!Number.isNaN(this.#time(other))) return other;
    return undefined;
  }

  #time(row: number): number {
    return this.#column?.read ? this.#column.read(this.#column.values[row]) : row;
  }

  #timeOf(value: unknown): number {
    const { values, read, has_format } = this.#column ?? {};
    if (typeof value === "number" && (!values || has_format)) return value;
    if (read) return read(value);
    if (!values) return typeof value === "string" && value.trim() ? Number(value) : Number.NaN;
    const text = displayText(value).trim();
    const row = values.findIndex((each) => displayText(each).trim() === text);
    return row < 0 ? Number.NaN : row;
  }

  /** The times of the first and of the last row that have some; NaN without any. */
  #span(): [first: number, last: number] {
    const [first, last] = [this.beside(-1, true), this.beside(this.#last_row + 1, false)];
    return [first === undefined ? Number.NaN : this.#time(first), last === undefined ? Number.NaN : this.#time(last)];
  }

  #shareOf(time: number): number {
    const [first, last] = this.#span();
    if (first === last) return Number.isNaN(time) ? time : 0.5;
    return (time - first) / (last - first);
  }

  #isWithin(time: number): boolean {
    const [first, last] = this.#span();
    return time >= Math.min(first, last) && time <= Math.max(first, last);
  }

  /** By binary search; the earlier of two rows that are as near. */
  #nearest(time: number): number | undefined {
    if (Number.isNaN(time)) return undefined;
    const [first, last] = this.#span();
    const sign = last < first ? -1 : 1;
    const readable = (row: number) => (Number.isNaN(this.#time(row)) ? this.beside(row, true) : row);
    const isUpTo = (row: number) => {
      const next = readable(row);
      return next !== undefined && sign * (this.#time(next) - time) <= 0;
    };
    const behind = partitionPoint(this.#last_row + 1, isUpTo);
    const after = behind > this.#last_row ? undefined : readable(behind);
    const before = behind > 0 ? behind - 1 : undefined;
    if (before === undefined || after === undefined) return before ?? after;
    return Math.abs(this.#time(after) - time) < Math.abs(this.#time(before) - time) ? after : before;
  }
}
