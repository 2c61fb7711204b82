import type { Timestamp } from "../common/timestamps.ts";
import type { Person, Status } from "../repositories/accounts/people.ts";
import { roleOf } from "../security/permissions.ts";
import { formatTimestamp } from "./timestamp.ts";

/** A row of the list of people, as a file and as the command line prints it. */
export interface PersonRecord {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  role: "owner" | "member";
  status: Status;
  date_joined: Timestamp;
  /** The id of whose invitation they joined by. */
  invited_by: number | null;
  /** Null for who never logged in. */
  last_activity: Timestamp | null;
}

/** Presents a person by their own name, as only members see them. */
export function presentPerson(person: Person, organization: { created_by_id: number | null }): PersonRecord {
  return {
    id: person.id,
    email: person.email,
    first_name: person.first_name,
    last_name: person.last_name,
    role: roleOf(person, organization) === "Owner" ? "owner" : "member",
    status: person.status,
    date_joined: formatTimestamp(person.date_joined),
    invited_by: person.invited_by_id,
    last_activity: person.last_seen_at === "" ? null : formatTimestamp(person.last_seen_at),
  };
}
