import * as z from "zod";

/** Who may log in. */
export const statusBody = z.object({
  status: z
    .enum(["active", "deactivated", "removed"], '"active", "deactivated" or "removed".')
    .describe("`active` also brings back who was removed"),
});

/** The owner's own password, since the ownership can't be taken back. */
export const ownershipBody = z.object({ password: z.string("This field is required.").describe("your own") });
