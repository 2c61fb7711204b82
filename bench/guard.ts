import { isMuchWorse, printRatios, ratiosToCompareWith } from "./ratios.ts";
import type { Ratio } from "./ratios.ts";
import { byProcessorTime, routes } from "./routes.ts";
import { start } from "./start.ts";

const short = {
  rounds: 3,
  runInMilliseconds: 100,
  roundMilliseconds: 400,
  warmUpRequests: 3000,
  warmUpMilliseconds: 20_000,
};
const shortRoutes = ["log-in page", "whoami by legacy token", "members", "People", "tasks API"];
const shortStarts = 3;

/** How often what seems to be worse is measured again, since other work on the machine may have begun in one of the rounds. */
const tries = 3;

/**
 * Measures some ratios of processor time briefly, and says how many are as good as in the table that is kept, but for a third. It
 * ends as tests do: with how many passed and failed, and a status. `ROUTES=whoami,People`: of these routes alone.
 */
export async function guard(chosen = process.env.ROUTES?.split(",")): Promise<void> {
  const outcomes = await compare("routes", async (names = chosen ?? shortRoutes) => {
    const rows = await routes(short, names);
    return rows.filter(({ what }) => what.endsWith(byProcessorTime));
  });
  if (!chosen)
    outcomes.push(
      ...(await compare("start", async () => {
        const rows = await start(shortStarts);
        return rows.filter(({ what }) => !what.includes(", time"));
      })),
    );
  if (outcomes.length === 0) throw new Error(`There is no route whose name begins with ${chosen?.join(" or ")}.`);
  const failed = outcomes.filter((isGood) => !isGood).length;
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Measures, and what is much worse than before once more, by the names of their routes; returns which of the rows are good. */
async function compare(name: string, measure: (names?: string[]) => Promise<Ratio[]>): Promise<boolean[]> {
  const kept = ratiosToCompareWith(name);
  const isWorse = (row: Ratio) => kept.some((before) => before.what === row.what && isMuchWorse(row, before));
  const rows = await measure();
  let worse = rows.filter(isWorse);
  for (let time = 1; time < tries && worse.length > 0; time++) {
    const again = await measure(worse.map(({ what }) => what.split(":")[0] ?? what));
    worse = worse.filter(({ what }) => again.some((row) => row.what === what && isWorse(row)));
  }
  printRatios(rows);
  for (const { what } of worse)
    console.log(`✖ ${what}, on Node ${process.versions.node}: worse by more than a third than in bench/ratios.json`);
  return rows.map((row) => !worse.includes(row));
}
