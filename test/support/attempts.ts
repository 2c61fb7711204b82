import { daysFromNow, minutesFromNow, now } from "../../src/common/timestamps.ts";
import type { TestApp } from "./app.ts";

/** The seconds that each key has to wait since its last failure. */
async function waits({ database }: TestApp): Promise<{ key: string; seconds: number }[]> {
  const rows: { key: string; last_failed_at: string; blocked_until: string }[] = await database("login_attempts");
  return rows.map(({ key, last_failed_at, blocked_until }) => ({
    key,
    // The failure is noted up to a millisecond after a wait of none has ended.
    seconds: Math.max(0, Math.round((Date.parse(blocked_until) - Date.parse(last_failed_at)) / 1000)),
  }));
}

export async function longestWait(app: TestApp): Promise<number> {
  return Math.max(...(await waits(app)).map(({ seconds }) => seconds));
}

/** Makes each wait that has begun last ten minutes from now, so that no slow machine outlasts it. */
export async function lengthenWaits(app: TestApp): Promise<void> {
  for (const { key, seconds } of await waits(app))
    if (seconds > 0)
      await app
        .database("login_attempts")
        .where({ key })
        .update({ blocked_until: minutesFromNow(10) });
}

/** As if every key that has failed had failed so many times more before. */
export async function addFailures({ database }: TestApp, count: number): Promise<void> {
  await database("login_attempts").increment("failures", count);
}

/** As if the time that people were told to wait had passed; what is closed has no such time. */
export async function expireWaits({ database }: TestApp): Promise<void> {
  await database("login_attempts").where("blocked_until", "<", daysFromNow(2)).update({ blocked_until: now() });
}

/** As if the last failure had been two days ago, and the server had tidied up since. */
export async function passTwoDays(app: TestApp): Promise<void> {
  await expireWaits(app);
  await app.database("login_attempts").update({ last_failed_at: daysFromNow(-2), window_started_at: daysFromNow(-2) });
  await app.repositories.loginThrottle.deleteOld();
}
