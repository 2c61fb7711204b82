import type { Knex } from "knex";

import { isUniqueViolation } from "../../database/errors.ts";
import { lockUser } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { UniqueViolationError } from "../errors.ts";
import { consumeLink, endLinks, findActiveLink, findLink, insertLink, linkState } from "./one-time-links.ts";
import type { LinkState, OneTimeLink } from "./one-time-links.ts";
import { replaceSearchTerms } from "./people-search.ts";
import { sortName, userColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

interface EmailLink {
  user_id: number;
  email: string;
  state: LinkState;
}

/** Changes of emails: by their person, who confirms the new one by a link, and by others, of which the person is notified. */
export function emailChanges(database: Knex) {
  return {
    /** Stores a link to confirm a new email, and ends older ones. Throws UniqueViolationError if somebody has this email. */
    async request(user_id: number, { email, token }: { email: string; token: string }): Promise<void> {
      await inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        await assertFree(transaction, email);
        const link = { user_id, purpose: "email", email: email.toLowerCase(), token, created_by_id: user_id } as const;
        await insertLink(transaction, link);
      });
    },

    /** The change that waits for its link to be opened. */
    async findPending(user_id: number): Promise<OneTimeLink | undefined> {
      return findActiveLink(database, user_id, "email");
    },

    async cancel(user_id: number): Promise<void> {
      await endLinks(database, user_id, "cancelled", "email");
    },

    async find(token: string): Promise<EmailLink | undefined> {
      const link = await findLink(database, token, "email");
      return link && { user_id: link.user_id, email: link.email ?? "", state: linkState(link, true) };
    },

    /**
     * Uses a link of this user up, and changes their email to its address. Returns the old one, undefined if the link has ended
     * meanwhile. Throws UniqueViolationError if somebody else has the new one by now.
     */
    async confirm(user_id: number, token: string): Promise<string | undefined> {
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        const link = await findLink(transaction, token, "email");
        if (link?.user_id !== user_id || !link.email) return undefined;
        if (!(await consumeLink(transaction, token, "email"))) return undefined;
        return changeEmail(transaction, user_id, link.email, { isNotified: false });
      });
    },

    /**
     * Changes somebody's email, of which they are notified on their next page. Returns the old one, undefined without such a user.
     * Throws UniqueViolationError if somebody else has the new one.
     */
    async set(user_id: number, email: string): Promise<string | undefined> {
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        return changeEmail(transaction, user_id, email.toLowerCase(), { isNotified: true });
      });
    },

    /** After the user has read that their email was changed. */
    async dismiss(user_id: number): Promise<void> {
      await database("users").where({ id: user_id }).update({ previous_email: null });
    },
  };
}

/** Also ends the links that were sent to the old address. `isNotified`: on their next page. Returns the old email. */
async function changeEmail(
  transaction: Knex,
  id: number,
  email: string,
  { isNotified }: { isNotified: boolean },
): Promise<string | undefined> {
  const before: (User & { previous_email: string | null }) | undefined = await transaction("users")
    .where({ id })
    .first([...userColumns, "previous_email"]);
  if (!before) return undefined;
  if (before.email === email) return email;
  await assertFree(transaction, email);
  // The one that the person knows, of several changes that they have not read of.
  const known = before.previous_email ?? before.email;
  const previous_email = isNotified && known !== email ? known : null;
  try {
    await transaction("users")
      .where({ id })
      .update({ email, previous_email, sort_name: sortName({ ...before, email }) });
  } catch (error) {
    throw isUniqueViolation(error) ? new UniqueViolationError("email") : error;
  }
  await replaceSearchTerms(transaction, id, { ...before, email });
  await endLinks(transaction, id, "email_changed");
  return before.email;
}

async function assertFree(database: Knex, email: string): Promise<void> {
  const holder = await database("users").where({ email: email.toLowerCase() }).first("id");
  if (holder) throw new UniqueViolationError("email");
}
