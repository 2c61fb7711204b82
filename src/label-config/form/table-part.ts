import { isObject } from "../../common/is-object.ts";
import { displayText, objectMembers, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import type { TablePart } from "./parts.ts";
import { parseColumns } from "./separated-values.ts";

/** A Table: of records, of the members of an object, of a list's items by their index, or of CSV (`valueType="csv"`). */
export function tablePart(tag: Tag, data: Record<string, unknown>): TablePart {
  const name = attribute(tag, "name") ?? "";
  const value = valueFor(attribute(tag, "value"), data);
  const format = /^(csv|json)/i.exec(attribute(tag, "valueType") ?? "")?.[0].toLowerCase();
  if (format === "csv" && typeof value === "string") {
    const { columns, rows } = parseColumns(value, separatorIn(tag));
    return { tag: "Table", name, columns, rows };
  }
  return { tag: "Table", name, ...tableOf(typeof value === "string" ? fromJson(value) : value) };
}

function tableOf(value: unknown): Pick<TablePart, "columns" | "rows"> {
  if (!Array.isArray(value)) return { columns: nameAndValue, rows: rowsOf(Object.entries(objectMembers(value))) };
  if (!value.some(isObject)) return { columns: nameAndValue, rows: rowsOf([...value.entries()]) };
  const records = value.map(objectMembers);
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { columns, rows: records.map((record) => columns.map((column) => displayText(record[column]))) };
}

const nameAndValue = ["Name", "Value"];

function rowsOf(entries: [string | number, unknown][]): string[][] {
  return entries.map(([key, value]) => [String(key), displayText(value)]);
}

/** JSON as text is what it says; any other text is one value. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim() ? [text] : [];
  }
}

/** `csv|separator=;` or `csvseparator=;` name the separator; a comma without one. */
function separatorIn(tag: Tag): string {
  const named = /separator=(.)/i.exec(attribute(tag, "valueType") ?? "")?.[1];
  return named ?? ",";
}
