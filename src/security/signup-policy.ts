/** Who may sign up: anyone, anyone with a link, or anyone with a link and an email of certain domains. */
export const signupPolicies = ["open", "link", "link_and_domains"] as const;

type SignupPolicyName = (typeof signupPolicies)[number];

/** What the organization has chosen. */
export interface SignupSettings {
  signup_policy: SignupPolicyName;
  /** Domains of emails, with spaces between; they count with `link_and_domains`. */
  signup_domains: string;
}

/** Who may really sign up. */
export interface SignupPolicy {
  name: SignupPolicyName;
  isOpen: boolean;
  /** The only domains of emails; undefined for any. */
  domains: string[] | undefined;
  /** Whether the server's configuration keeps the organization from opening sign-up. */
  needsLink: boolean;
}

/**
 * The one place that decides who may sign up: what the organization has chosen, unless that is open and the server's
 * configuration demands a link. Without an organization, which the first sign-up makes, the configuration alone decides.
 */
export function decideSignupPolicy(
  organization: SignupSettings | undefined,
  { disable_signup_without_link }: { disable_signup_without_link: boolean },
): SignupPolicy {
  const chosen = organization?.signup_policy ?? "open";
  const name = chosen === "open" && disable_signup_without_link ? "link" : chosen;
  return {
    name,
    isOpen: name === "open",
    domains: name === "link_and_domains" ? organization?.signup_domains.split(" ") : undefined,
    needsLink: disable_signup_without_link,
  };
}

/** The part of an email after its last @, in lower case. */
export function emailDomain(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}
