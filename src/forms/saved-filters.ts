import * as z from "zod";

import { limits } from "../common/limits.ts";

/** The name of a saved filter. */
export const savedFilterForm = z.object({
  title: z
    .string("Give the filter a name.")
    .trim()
    .min(1, "Give the filter a name.")
    .max(limits.projectTitle, `Use at most ${limits.projectTitle} characters.`),
});

/** Which saved filter a list shows, and which page of it, from 1; undefined for none. Invalid parameters are ignored. */
export const savedFilterQuery = z.object({
  view: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform(Number)
    .optional()
    .catch(undefined),
  page: z
    .string()
    .regex(/^[1-9]\d{0,6}$/)
    .transform(Number)
    .catch(1),
});
