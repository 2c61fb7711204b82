import type { Context, SignedIn } from "../context.ts";
import { emailChangedMessage } from "../mail/messages.ts";
import { organizationName } from "../rendering/display-names.ts";
import { UniqueViolationError } from "../repositories/errors.ts";
import { recordEvent } from "./record-event.ts";
import { sendAfterAnswer } from "./send-after-answer.ts";

/** Records a change of an email, and notifies the old address, where mail can be sent. */
export async function announceEmailChange(
  ctx: Context & { state: SignedIn },
  user_id: number,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await recordEvent(ctx, "user_email_changed", { user: user_id, from, to });
  const organization = organizationName(ctx.state.organization);
  sendAfterAnswer(ctx, async () => emailChangedMessage(from, { organization, email: to }));
}

/** What a form says when somebody else has this email. Throws every other error. */
export function emailInUseMessage(error: unknown): string {
  if (!(error instanceof UniqueViolationError)) throw error;
  return "There is already an account with this email.";
}
