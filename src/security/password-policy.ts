import { passwordMaxLength } from "./passwords.ts";

/** How many of the most common passwords are refused, of those with 8 characters or more. */
const commonPasswordCount = 10_000;

/** What others know about a user and would try first. */
export interface PersonalDetails {
  email?: string;
  first_name?: string;
  last_name?: string;
}

/** Returns why a new password can't be used, or undefined if it can. The length is counted in code points. */
export async function findPasswordError(
  password: string,
  minLength: number,
  user: PersonalDetails,
): Promise<string | undefined> {
  const length = [...password].length;
  if (password.trim() === "") return "Enter a password.";
  if (length < minLength) return `At least ${minLength} characters; this has ${length}.`;
  if (length > passwordMaxLength) return `At most ${passwordMaxLength} characters; this has ${length}.`;
  if (isGuessable(password, user))
    return "This is your email, your name or ours, which is too easy to guess. Choose another password.";
  if (await isCommon(password)) return "This is one of the most common passwords. Choose another one.";
  return undefined;
}

/** The dictionary is loaded when it is first needed. */
async function isCommon(password: string): Promise<boolean> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const mostCommonFirst = dictionary["passwords-common"].filter((each) => each.length >= 8);
  return mostCommonFirst.slice(0, commonPasswordCount).includes(password.toLowerCase());
}

/** Whether a password is only the user's email or name, or the product's name, perhaps with digits at its end. */
function isGuessable(password: string, { email = "", first_name = "", last_name = "" }: PersonalDetails): boolean {
  const details = [email, email.split("@")[0] ?? "", first_name, last_name, first_name + last_name];
  if (details.some((each) => each.toLowerCase() === password.toLowerCase())) return true;
  const words = ["atelier", "labelstudio", "humansignal", ...details.map(simplify)];
  return words.some((word) => word !== "" && word === simplify(password));
}

function simplify(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .replace(/\d+$/, "");
}
