import { formatDuration } from "../common/durations.ts";
import { QueueFullError } from "../common/fair-queue.ts";
import type { Context } from "../context.ts";

/** For clients that read it; nobody knows when an account that is blocked for good is unblocked. */
const maxRetryAfter = 86_400;

/** Answers with 429, and when the next try is of use: in so many seconds, Infinity for a block that somebody has to lift. */
export function tooManyRequests(ctx: Pick<Context, "set" | "status">, seconds: number): void {
  ctx.set("Retry-After", String(Math.min(seconds, maxRetryAfter)));
  ctx.status = 429;
}

/** What people read then; `reason` is a sentence. */
export function retryMessage(reason: string, seconds: number): string {
  return `${reason} Wait ${formatDuration(seconds)}, then try again.`;
}

/** Returns "busy" for the error of a full queue; throws every other error. */
export function busyIfQueueFull(error: unknown): "busy" {
  if (error instanceof QueueFullError) return "busy";
  throw error;
}
