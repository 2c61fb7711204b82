import type { Knex } from "knex";

import { compiledQuery } from "../../database/compiled-query.ts";
import { inTransaction } from "../../database/transaction.ts";
import { assertNotDeleted, notDeletedSql } from "../deleted-projects.ts";

/** A saved filter of a project's tasks, which Label Studio calls a view or a tab. */
export interface View {
  id: number;
  project_id: number;
  /** Who made it; null for a deleted account. */
  user_id: number | null;
  position: number;
  /** Its title, filters and ordering, and what programs keep with it. */
  data: Record<string, unknown>;
  /** The tasks that it is limited to, as Label Studio writes it; null for none. */
  selected_items: unknown;
}

export type ViewValues = Partial<Pick<View, "data" | "selected_items" | "position">>;

/** As it is stored: both in JSON. */
type ViewRow = Omit<View, "data" | "selected_items"> & { data: string; selected_items: string | null };

const columns = ["id", "project_id", "user_id", "position", "data", "selected_items"] as const;

/** Views in a list of all projects. */
const maxListed = 10_000;

const inOrder = (database: Knex): Knex.QueryBuilder<object, ViewRow[]> =>
  database("views").orderBy(["position", "id"]).select(columns);

const ofProject = compiledQuery<[project_id: number], ViewRow[]>((database, project_id) =>
  inOrder(database).where({ project_id }),
);

export function views(database: Knex) {
  return {
    /** In their order. */
    async list(project_id: number): Promise<View[]> {
      return (await ofProject(database, project_id)).map(readView);
    },

    /** Those of all projects, in their order. */
    async listAll(): Promise<View[]> {
      return (await inOrder(database).whereRaw(notDeletedSql("views.project_id")).limit(maxListed)).map(readView);
    },

    async find(id: number): Promise<View | undefined> {
      const row = await database("views").where({ id }).whereRaw(notDeletedSql("views.project_id")).first(columns);
      return row && readView(row);
    },

    async count(project_id: number): Promise<number> {
      const [row] = await database("views").where({ project_id }).count({ count: "*" });
      return Number(row?.count ?? 0);
    },

    /** Throws ForeignKeyViolationError if the project was deleted. */
    async create(project_id: number, user_id: number, values: ViewValues & Pick<View, "data">): Promise<View> {
      return inTransaction(database, async (transaction) => {
        const [row] = await transaction("views")
          .insert({ project_id, user_id, ...writeView(values) })
          .returning(columns as unknown as string[]);
        await assertNotDeleted(transaction, project_id);
        return readView(row);
      });
    },

    async update(id: number, values: ViewValues): Promise<void> {
      const changes = writeView(values);
      if (Object.keys(changes).length > 0) await database("views").where({ id }).update(changes);
    },

    /** Returns false if it was deleted before. */
    async delete(id: number): Promise<boolean> {
      return (await database("views").where({ id }).delete()) > 0;
    },

    async deleteAll(project_id: number): Promise<void> {
      await database("views").where({ project_id }).delete();
    },

    /** Gives views of a project these places; ids of others are ignored. */
    async reorder(project_id: number, ids: number[]): Promise<void> {
      await inTransaction(database, async (transaction) => {
        const own = new Set<number>(await transaction("views").where({ project_id }).pluck("id"));
        for (const [position, id] of ids.filter((each) => own.has(each)).entries())
          await transaction("views").where({ id }).update({ position });
      });
    },
  };
}

function readView(row: ViewRow): View {
  const { data, selected_items } = row;
  return Object.assign(row, {
    data: JSON.parse(data) as View["data"],
    selected_items: selected_items === null ? null : (JSON.parse(selected_items) as unknown),
  });
}

function writeView({ data, selected_items, position }: ViewValues): Record<string, unknown> {
  return {
    ...(data !== undefined && { data: JSON.stringify(data) }),
    ...(selected_items !== undefined && {
      selected_items: selected_items === null ? null : JSON.stringify(selected_items),
    }),
    ...(position !== undefined && { position }),
  };
}
