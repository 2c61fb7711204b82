import type { Context } from "../context.ts";
import type { Message } from "../mail/mailer.ts";

/**
 * Makes and sends a mail, if mail can be sent, once the request is answered, so that neither the answer nor its time reveals
 * whether there is one.
 */
export function sendAfterAnswer(
  { mailer, res }: Pick<Context, "mailer" | "res">,
  prepare: () => Promise<Message | undefined>,
): void {
  res.once("close", () => mailer?.send(prepare));
}
