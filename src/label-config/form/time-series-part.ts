import { parseJson } from "../../common/parse-json.ts";
import { SeriesAxis } from "../regions/series-axis.ts";
import { shareInWindow } from "../regions/series-window.ts";
import type { SeriesWindow } from "../regions/series-window.ts";
import { displayText, valueFor } from "../task-values.ts";
import { allTags, attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { parseColumns } from "./separated-values.ts";
import type { SeriesFiles } from "./series-files.ts";
import type { SeriesChannel, TimeSeriesPart } from "./series-lines.ts";
import { timeReader } from "./series-time.ts";

/** The size that lines are computed for; a page stretches them. */
const width = 1000;
const height = 200;

/** A line has at most twice as many points as there are buckets: the lowest and the highest value of each. */
const buckets = 500;

/** The table of a longer series shows so many of its first and of its last rows. */
const shownRows = 50;

/** Without `Channel` tags, so many columns are drawn. */
const mostColumns = 20;

type Columns = Map<string, readonly unknown[]>;

/**
 * A TimeSeries, drawn from the data of the task, or from the file at its address (`valueType="url"`); where there is none of these, the page
 * has a link.
 */
export function timeSeriesPart(tag: Tag, data: Record<string, unknown>, files: SeriesFiles): TimeSeriesPart {
  const written = attribute(tag, "value");
  const value = written ? valueFor(written, data) : data;
  const part = {
    tag: "TimeSeries" as const,
    name: attribute(tag, "name") ?? "",
    address: undefined,
    problem: undefined,
  };
  const separator = attribute(tag, "sep") || ",";
  const columns = columnsOf(value, separator);
  if (columns) return { ...part, ...seriesOf(tag, columns) };
  const address = typeof value === "string" ? value.trim() : "";
  if (!address) return { ...part, ...noSeries, problem: "This task has no series here." };
  const file = files.get(address);
  if (!file || "problem" in file) return { ...part, ...noSeries, address, problem: file?.problem };
  const columnsOfFile = columnsOf(file.text, separator);
  if (!columnsOfFile)
    return { ...part, ...noSeries, address, problem: "The file has no series: neither JSON nor CSV." };
  return { ...part, address, ...seriesOf(tag, columnsOfFile) };
}

const noSeries = { axis: undefined, channels: [], columns: [], rows: [], row_count: 0 };

function seriesOf(tag: Tag, columns: Columns): Omit<TimeSeriesPart, "tag" | "name" | "address"> {
  const row_count = Math.max(0, ...[...columns.values()].map(({ length }) => length));
  const { axis, problem } = axisOf(tag, columns, row_count);
  const drawn = channelsOf(tag, columns, axis.column);
  const missing = drawn.filter(({ values }) => !values).map(({ legend }) => `“${legend}”`);
  const problems = [problem, missing.length ? `The task has no ${missing.join(", ")}.` : undefined];
  const table = [...(axis.column === undefined ? [] : [axis.column]), ...drawn.map(({ column }) => column)];
  const shown = table.flatMap((name) => (columns.has(name) ? [name] : []));
  return {
    problem: problems.filter(Boolean).join(" ") || undefined,
    axis: row_count === 0 ? undefined : axis,
    channels: drawn.flatMap(({ legend, units, values }) => (values ? channelOf(legend, units, values, axis) : [])),
    columns: axis.column === undefined ? ["Row", ...shown] : shown,
    rows: rowNumbers(row_count).map((row) => [
      ...(axis.column === undefined ? [String(row + 1)] : []),
      ...shown.map((name) => displayText(columns.get(name)?.[row])),
    ]),
    row_count,
  };
}

/** The first and the last rows. */
function rowNumbers(count: number): number[] {
  const all = count <= 2 * shownRows;
  const first = Array.from({ length: all ? count : shownRows }, (_, row) => row);
  return all ? first : [...first, ...first.map((row) => count - shownRows + row)];
}

/** The columns of a series: of lists by name, of records, or of CSV; undefined for any other value. */
function columnsOf(value: unknown, separator: string): Columns | undefined {
  if (typeof value === "string") {
    const json = /^\s*[[{]/.test(value) ? parseJson(value) : undefined;
    if (json !== undefined) return columnsOf(json, separator);
    if (!/[\r\n]/.test(value.trim())) return undefined;
    const { columns, rows } = parseColumns(value, separator === String.raw`\t` ? "\t" : separator);
    return new Map(columns.map((name, index) => [name, rows.map((row) => row[index])]));
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) {
    const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
    return lists.length ? new Map(lists) : undefined;
  }
  if (value.length === 0) return undefined;
  if (!value.every((row) => typeof row === "object" && row !== null)) return new Map([["value", value]]);
  const records = value as Record<string, unknown>[];
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return new Map([...names].map((name) => [name, records.map((record) => record[name])]));
}

/** Where rows are drawn: by their times, or in their order where there is no column for these, or it can't be read. */
function axisOf(tag: Tag, columns: Columns, row_count: number): { axis: SeriesAxis; problem: string | undefined } {
  const wanted = attribute(tag, "timeColumn");
  const name = wanted ? columnNamed(wanted, columns) : undefined;
  const values = name === undefined ? undefined : columns.get(name);
  if (name === undefined || !values) {
    const problem = wanted ? `The task has no column “${wanted}” for times: rows are drawn in their order.` : undefined;
    return { axis: new SeriesAxis(undefined, row_count), problem };
  }
  const format = attribute(tag, "timeFormat") ?? "";
  const read = timeReader(format);
  const column = { name, values, has_format: format !== "" };
  if (!Number.isNaN(read(values[0])))
    return { axis: new SeriesAxis({ ...column, read }, row_count), problem: undefined };
  const problem = `The times of “${name}” can’t be read${format ? " by timeFormat" : ": timeFormat says how"}; rows are drawn in their order.`;
  return { axis: new SeriesAxis({ ...column, read: undefined }, row_count), problem };
}

/** Columns have names, compared without case as in Label Studio, or numbers from 0. */
function columnNamed(wanted: string, columns: Columns): string | undefined {
  if (columns.has(wanted)) return wanted;
  const lower = wanted.toLowerCase();
  const names = [...columns.keys()];
  return (
    names.find((name) => name.toLowerCase() === lower) ?? (/^\d+$/.test(wanted) ? names[Number(wanted)] : undefined)
  );
}

function channelsOf(tag: Tag, columns: Columns, time: string | undefined) {
  const channels = allTags(tag).filter(({ tag: name }) => name.toLowerCase() === "channel");
  const written = channels.map((channel) => ({
    column: attribute(channel, "column") ?? "",
    legend: attribute(channel, "legend"),
    units: attribute(channel, "units") ?? "",
  }));
  const all = [...columns.keys()].filter((name) => name !== time).slice(0, mostColumns);
  const wanted = written.length ? written : all.map((column) => ({ column, legend: undefined, units: "" }));
  return wanted.map(({ column, legend, units }) => {
    const name = columnNamed(column, columns) ?? column;
    return { column: name, legend: legend || name, units, values: columns.get(name) };
  });
}

function channelOf(legend: string, units: string, values: readonly unknown[], axis: SeriesAxis): SeriesChannel[] {
  const numbers = notableRows(values, 0, values.length)
    .map((row) => numberAt(values, row))
    .filter((value) => !Number.isNaN(value));
  if (numbers.length === 0) return [];
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  const [first, last] = axis.ends;
  const y = (value: number) => height - scaled(value, lowest, highest, height);
  const lineIn = (window: SeriesWindow) => {
    const rows = notableRows(values, ...rowsIn(window, axis, values.length));
    const x = (row: number) => shareInWindow(window, axis.share(row)) * width;
    return lineOf(rows.map((row) => ({ x: x(row), y: y(numberAt(values, row)) })));
  };
  return [
    {
      legend,
      units,
      lowest: displayText(rounded(lowest)),
      highest: displayText(rounded(highest)),
      first,
      last,
      count: values.length,
      lineIn,
    },
  ];
}

/** For people: six digits, and no digit before the point is lost. */
function rounded(value: number): number {
  return Math.abs(value) >= 1e5 ? Math.round(value) : Number(value.toPrecision(6));
}

/** A gap in the values is a gap in the line; a value alone is a dot. */
function lineOf(points: { x: number; y: number }[]): string {
  let isOpen = false;
  const steps = points.map(({ x, y }, index) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      isOpen = false;
      return "";
    }
    const next = points[index + 1];
    const isAlone = !isOpen && (!next || !Number.isFinite(next.y) || !Number.isFinite(next.x));
    const step = `${isOpen ? "L" : "M"}${round(x)} ${round(y)}${isAlone ? "h0" : ""}`;
    isOpen = true;
    return step;
  });
  return steps.join("");
}

function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}

/** The rows to draw: all of a short series; of a long one the lowest and the highest of each bucket, and a gap where it has none. */
function notableRows(values: readonly unknown[], from: number, to: number): number[] {
  const count = to - from;
  if (count <= 2 * buckets) return Array.from({ length: count }, (_, index) => from + index);
  const rows = [from];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = from + Math.floor((bucket * count) / buckets);
    const end = from + Math.floor(((bucket + 1) * count) / buckets);
    rows.push(...extremes(values, start, end));
  }
  rows.push(to - 1);
  return [...new Set(rows)];
}

/** The rows in a part of a series, with one more on each side, so that lines go on to the edges. */
function rowsIn(window: SeriesWindow, axis: SeriesAxis, count: number): [from: number, to: number] {
  if (window.from === 0 && window.to === 1) return [0, count];
  const [first = 0, last = count - 1] = [axis.rowAt(window.from), axis.rowAt(window.to)];
  return [Math.max(0, first - 1), Math.min(count, last + 2)];
}

function extremes(values: readonly unknown[], start: number, end: number): number[] {
  let lowest = start;
  let highest = start;
  for (let row = start; row < end; row++) {
    const value = numberAt(values, row);
    if (!(numberAt(values, lowest) <= value)) if (!Number.isNaN(value)) lowest = row;
    if (!(numberAt(values, highest) >= value)) if (!Number.isNaN(value)) highest = row;
  }
  return lowest < highest ? [lowest, highest] : [highest, lowest];
}

function numberAt(values: readonly unknown[], row: number): number {
  const value = values[row];
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() ? Number(value) : Number.NaN;
}

/** Where a value lies between two others, from 0 to `size`; in the middle where these are one. */
function scaled(value: number, from: number, to: number, size: number): number {
  return to === from ? size / 2 : ((value - from) / (to - from)) * size;
}
