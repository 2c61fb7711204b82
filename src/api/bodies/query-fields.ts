import { z } from "zod";

import { parseId } from "../../common/ids.ts";

/** The number of a page, from 1; 0, which there is not, for what is none. */
export function pageNumber() {
  return z
    .string()
    .transform((value) => (value === "last" ? value : /^\d{1,9}$/.test(value) ? Number(value) : 0))
    .default(1)
    .meta({ type: ["integer", "string"], default: 1, description: "from 1, or `last`" });
}

/** How many to a page; `usual` for what is no number from 1 on. */
export function pageSize({ usual, most = Infinity }: { usual: number; most?: number }) {
  return z
    .string()
    .transform((value) => (/^[1-9]\d{0,8}$/.test(value) ? Math.min(Number(value), most) : usual))
    .default(usual)
    .meta({
      type: ["integer", "string"],
      default: usual,
      ...(most < Infinity && { description: `at most ${most}` }),
    });
}

/** Which fields of the records to answer. */
export function fieldNames() {
  return z
    .string()
    .transform((value) => value.split(",").map((name) => name.trim()))
    .optional()
    .meta({ type: "string", description: "names of fields, such as id,title" });
}

/** 0, which nothing has, for what is no id. */
export function idInQuery() {
  return z
    .string()
    .transform(parseId)
    .optional()
    .meta({ type: ["integer", "string"] });
}
