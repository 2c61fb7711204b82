import type { Io } from "../../support/io.ts";
import type { CommandOptions } from "../../support/options.ts";
import { changePerson } from "../../support/people.ts";

const ownerFirst = "Make somebody else the owner first: label-studio users make-owner EMAIL";

/** Ends log-in, sessions and tokens of a member, who stays one. */
export async function deactivateUser(io: Io, options: CommandOptions, identifier: string): Promise<void> {
  await changePerson(io, options, identifier, {
    event: "user_deactivated",
    change: (status, { id }) => status.deactivate(id),
    done: ({ email }) => `${email} is deactivated: their sessions and tokens have ended.`,
    refusal: ({ email }, { role, status }) =>
      role === "owner" ? `${email} is the owner. ${ownerFirst}` : `${email} is ${status} already.`,
  });
}

export async function activateUser(io: Io, options: CommandOptions, identifier: string): Promise<void> {
  await changePerson(io, options, identifier, {
    event: "user_activated",
    change: (status, { id }) => status.activate(id),
    done: ({ email }) => `${email} can log in again. Tokens have to be made anew.`,
    refusal: ({ email }, { status }) =>
      status === "removed"
        ? `${email} was removed. To bring them back: label-studio users restore ${email}`
        : `${email} is active already.`,
  });
}

/** Ends a membership; the person's annotations stay. */
export async function removeUser(io: Io, options: CommandOptions, identifier: string): Promise<void> {
  await changePerson(io, options, identifier, {
    event: "member_removed",
    change: (status, { id }) => status.remove(id),
    done: ({ email }) => `${email} is removed: their sessions and tokens have ended, and what they labeled stays.`,
    refusal: ({ email }, { role }) =>
      role === "owner" ? `${email} is the owner. ${ownerFirst}` : `${email} is removed already.`,
  });
}

export async function restoreUser(io: Io, options: CommandOptions, identifier: string): Promise<void> {
  await changePerson(io, options, identifier, {
    event: "member_restored",
    change: (status, { id }) => status.restore(id),
    done: ({ email }) =>
      `${email} is a member again, with the password they had. For another one: label-studio reset_password --username ${email}`,
    refusal: ({ email }, { status }) =>
      status === "deactivated"
        ? `${email} is a member, and deactivated: label-studio users activate ${email}`
        : `${email} is a member already.`,
  });
}

/** Makes an active member the owner in place of the present one, also where the owner's account is gone. */
export async function makeOwner(io: Io, options: CommandOptions, identifier: string): Promise<void> {
  await changePerson(io, options, identifier, {
    event: "privilege_permissions_changed",
    change: (status, { id }) => status.makeOwner(id),
    done: ({ email }) => `${email} is the owner.`,
    refusal: ({ email }, { status }) =>
      status === "removed"
        ? `${email} was removed. First: label-studio users restore ${email}`
        : `${email} is deactivated. First: label-studio users activate ${email}`,
  });
}
