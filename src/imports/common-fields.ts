import { unnamed } from "../label-config/data.ts";
import { isObject } from "./checks.ts";
import type { ImportFormat } from "../repositories/jobs/import-file.ts";

/** The names that the data of all tasks has, in the order of the first one. */
export function commonFields() {
  let names: string[] | undefined;
  return {
    add(item: unknown, format: ImportFormat): void {
      const data = format === "txt" ? { [unnamed]: item } : dataOf(item);
      names = names ? names.filter((name) => Object.hasOwn(data, name)) : Object.keys(data);
    },
    list: (): string[] => names ?? [],
  };
}

function dataOf(item: unknown): Record<string, unknown> {
  if (!isObject(item)) return {};
  return isObject(item["data"]) ? item["data"] : item;
}
