import type { TaskOrder } from "./task-columns.ts";

/** Whether an order is that of ids, in which the numbers of a project are assigned. */
export function isById({ place }: TaskOrder): boolean {
  return "column" in place && (place.column === "id" || place.column === "inner_id");
}

/** What a task is ordered by. Of fields, numbers are numbers; the others compare by their texts. */
export function orderKey({ place, as_number }: TaskOrder, key: string | number | null): string | number | null {
  if (!("field" in place) || typeof key !== "string") return key;
  const type = key.slice(0, key.indexOf(":"));
  const text = key.slice(type.length + 1);
  if (as_number) return Number.parseFloat(text) || 0;
  return type === "number" ? Number(text) : text;
}

/** Numbers come before texts, and what is not there last in both directions; what is equal by id. */
export function orderComparison({ is_descending }: TaskOrder) {
  const rank = (key: string | number | null) => (key === null ? 2 : typeof key === "number" ? 0 : 1);
  const sign = is_descending ? -1 : 1;
  return (one: { id: number; key: string | number | null }, other: { id: number; key: string | number | null }) => {
    if (one.key === other.key) return one.id - other.id;
    if (one.key === null || other.key === null) return one.key === null ? 1 : -1;
    if (rank(one.key) !== rank(other.key)) return sign * (rank(one.key) - rank(other.key));
    return one.key < other.key ? -sign : sign;
  };
}
