import type { Message } from "./mailer.ts";

/** What mails about one's account say; `organization` is its name, `link` a whole address that works once. */

const notYou = "If it wasn't you";

/** The link to set a password, which somebody asked for at the log-in page. */
export function passwordLinkMessage(
  to: string,
  { organization, link }: { organization: string; link: string },
): Message {
  return {
    to,
    subject: `Set a new password for ${organization}`,
    text: lines(
      `Somebody, most likely you, forgot the password of ${to} at ${organization}.`,
      "Set a new one here. The link works once, for 24 hours:",
      link,
      `${notYou}, do nothing: your password stays as it is.`,
    ),
  };
}

/** Says that a link to set a password was used. */
export function passwordSetMessage(to: string, { organization }: { organization: string }): Message {
  return {
    to,
    subject: `Your password for ${organization} was set`,
    text: lines(
      `A new password was set for ${to} at ${organization}, by a link. You are logged out everywhere.`,
      `${notYou}, follow "Forgot your password?" on the log-in page at once, and tell the owner of the organization.`,
    ),
  };
}

/** Says that the password was changed by somebody who knew it. */
export function passwordChangedMessage(to: string, { organization }: { organization: string }): Message {
  return {
    to,
    subject: `Your password for ${organization} was changed`,
    text: lines(
      `The password of ${to} at ${organization} was changed under Account & Settings. Your other devices are logged out.`,
      `${notYou}, follow "Forgot your password?" on the log-in page at once, and tell the owner of the organization.`,
    ),
  };
}

/** Says that two-factor log-in was turned off; `by_owner`: by the owner of the organization, and not by oneself. */
export function twoFactorDisabledMessage(
  to: string,
  { organization, by_owner }: { organization: string; by_owner: boolean },
): Message {
  return {
    to,
    subject: `Two-factor log-in for ${organization} was turned off`,
    text: lines(
      `Two-factor log-in of ${to} at ${organization} was turned off${by_owner ? " by the owner of the organization" : ""}. From now on your password alone lets you in.`,
      by_owner
        ? "If you did not ask for that, ask the owner why. You can turn it on again under Account & Settings, Two-factor."
        : `${notYou}, change your password at once, and turn it on again under Account & Settings, Two-factor.`,
    ),
  };
}

/** The link by which a new address is confirmed, sent to that address. */
export function confirmEmailMessage(
  to: string,
  { organization, link }: { organization: string; link: string },
): Message {
  return {
    to,
    subject: `Confirm your new email for ${organization}`,
    text: lines(
      `Somebody, most likely you, wants to use ${to} as their email at ${organization}.`,
      "Open this link where you are logged in, and confirm it. It works once, for 24 hours:",
      link,
      `${notYou}, do nothing: nothing changes.`,
    ),
  };
}

/** Notifies the old address that another one is used from now on. */
export function emailChangedMessage(
  to: string,
  { organization, email }: { organization: string; email: string },
): Message {
  return {
    to,
    subject: `Your email for ${organization} was changed`,
    text: lines(
      `Your email at ${organization} is now ${email}. You log in with it, and no longer with ${to}.`,
      `${notYou}, and nobody told you, ask the owner of the organization at once.`,
    ),
  };
}

function lines(...paragraphs: string[]): string {
  return `${paragraphs.join("\n\n")}\n`;
}
