import createError from "http-errors";

/** A 400 with errors by field; those of no single field are under `non_field_errors`. */
export function validationError(validation_errors: Record<string, string[]>): Error {
  return createError(400, "Validation error", { validation_errors });
}

/** What Label Studio says of an id in a body that no record has. */
export function unknownKeyMessage(id: number): string {
  return `Invalid pk "${id}" - object does not exist.`;
}
