// Compiled, never run: what the types must refuse. Each line below an expected error fails the build once it compiles.
import type { Action, Fields, Schemas } from "./client.js";

export const receipt: Fields<"confirm_receipt"> = { action: "confirm_receipt", received_on: "2026-03-10" };
export const extension: Action = { action: "propose_extension", working_days: 10, reason: "需要调阅档案" };

// @ts-expect-error an action has the fields of its own and no others
export const foreign: Action = { action: "take", working_days: 10 };
// @ts-expect-error a required field is missing
export const missing: Action = { action: "propose_extension", reason: "需要调阅档案" };
// @ts-expect-error there is no such action
export const unknown: Action = { action: "publish" };
// @ts-expect-error there is no such state
export const state: Schemas["State"] = "lost";

/** A switch over the actions is exhaustive only if each has a type of its own. */
export function dated(action: Action): string | undefined {
  switch (action.action) {
    case "confirm_receipt":
      return action.received_on;
    case "record_payment":
      return action.paid_on;
    case "consult_third_party":
      return `${action.sent_on} ${action.party.name}`;
    default:
      return action.late_entry_reason;
  }
}
