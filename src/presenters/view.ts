import * as z from "zod";

import type { View } from "../repositories/labeling/views.ts";

export const viewRecord = z
  .object({
    id: z.int(),
    data: z.record(z.string(), z.unknown()).describe("its title, filters, ordering, and what programs keep with it"),
    order: z.int(),
    user: z.int().nullable().describe("who made it"),
    project: z.int(),
  })
  .meta({ id: "View" });

export function presentView({ id, data, selected_items, position, user_id, project_id }: View) {
  return {
    id,
    data: selected_items === null ? data : { ...data, selectedItems: selected_items },
    order: position,
    user: user_id,
    project: project_id,
  };
}
