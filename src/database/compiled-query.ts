import type { Knex } from "knex";

import { isPostgres } from "./open.ts";

/** A query as Knex has compiled it; `places` says which value is where among the bindings. */
interface Template {
  query: { sql: string; bindings: readonly unknown[] };
  places: readonly (number | undefined)[];
}

/**
 * Returns a query that Knex compiles once for each database: its text is kept, and only its values are new each time. For what
 * most requests ask, where compiling takes longer than reading. `build` may only hand its values on to Knex, and must not decide by
 * them.
 */
export function compiledQuery<Values extends unknown[], Result>(
  build: (database: Knex, ...values: Values) => Knex.QueryBuilder<object, Result>,
): (database: Knex, ...values: Values) => Promise<Result> {
  const templates: Partial<Record<"postgres" | "sqlite", Template>> = {};
  return async (database, ...values) => {
    const name = isPostgres(database) ? "postgres" : "sqlite";
    const template = (templates[name] ??= compile((...stand) => build(database, ...(stand as Values)), values.length));
    const { query, places } = template;
    const bindings = query.bindings.map((binding, place) => {
      const value = places[place];
      return value === undefined ? binding : values[value];
    });
    return database.client.runner(new Compiled(Object.assign({}, query, { bindings }))).run() as Promise<Result>;
  };
}

/** Builds the query with stand-ins for its values, and finds them again. */
function compile(build: (...standIns: unknown[]) => Knex.QueryBuilder, count: number): Template {
  // Integers, since limits have to be some; no query has these by itself.
  const standIns = Array.from({ length: count }, (_, number) => Number.MAX_SAFE_INTEGER - number);
  const query = build(...standIns).toSQL();
  const places = query.bindings.map((binding) => {
    const place = standIns.indexOf(binding as number);
    return place === -1 ? undefined : place;
  });
  for (const [number] of standIns.entries())
    if (!places.includes(number)) throw new Error(`Value ${number} is in no binding of ${query.sql}`);
  return { query, places };
}

/** What Knex's runner asks of a query. */
class Compiled {
  readonly _method = "select";
  readonly #query: object;

  constructor(query: object) {
    this.#query = query;
  }

  toSQL(): object {
    return this.#query;
  }

  queryContext(): undefined {
    return undefined;
  }

  emit(): void {
    // Whoever listens does so to the client.
  }
}
