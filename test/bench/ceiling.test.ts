import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { ask } from "../../bench/ask.ts";
import { prepareRoutes } from "../../bench/routes.ts";
import type { Route } from "../../bench/routes.ts";
import { secret_key, startServer } from "../../bench/server.ts";
import { startCeiling } from "../../bench/start-ceiling.ts";

test("what the benchmark measures the built server against answers the same bytes, but for what is another each time", async (t) => {
  const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key });
  t.after(() => server.stop());
  const file = path.join(server.data_dir, "label_studio.sqlite3");
  const routes = await prepareRoutes(server, file);
  // On the server's own file, so that both know the same of who was there when.
  const ceiling = startCeiling(file);
  t.after(() => ceiling.stop());
  const answersOf = async (route: Route) => {
    const { status = 200 } = route;
    const [request] = await route.requests();
    assert.ok(request);
    const ports = await ceiling.serve({ request, status });
    const answers = [Number(new URL(server.address).port), ports.ceiling].map((port) => ask(port, request));
    const [product, other] = await Promise.all(answers);
    assert.deepEqual([product?.status, other?.status], [status, status], route.name);
    return [product, other].map((answer) => withoutChanging(answer?.body ?? "", route));
  };

  for (const route of routes) {
    let [product, other] = await answersOf(route);
    // "3 minutes ago" may have become "4 minutes ago" meanwhile, but not twice.
    if (other !== product) [product, other] = await answersOf(route);
    assert.equal(other, product, route.name);
  }
});

test("only what a route names may be another in two answers of its own", () => {
  const route = { changing: ["id", "form_key"] };
  assert.equal(withoutChanging('{"id":61,"task":61}', route), '{"id":…,"task":61}');
  assert.equal(
    withoutChanging('<input name="form_key" value="a"><b>a</b>', route),
    '<input name="form_key" value="…"><b>a</b>',
  );
  assert.equal(withoutChanging('{"task_id":61,"created_at":"now"}', route), '{"task_id":61,"created_at":"now"}');
});

/** The body with an ellipsis for the values that differ from answer to answer. */
function withoutChanging(body: string, { changing = [] }: Pick<Route, "changing">): string {
  return changing.reduce(
    (text, name) =>
      text
        .replace(new RegExp(`(?<= name="${name}" value=")[^"]*`), "…")
        .replace(new RegExp(`(?<=[{,]"${name}":)(?:\\d+|"[^"]*")`), "…"),
    body,
  );
}
