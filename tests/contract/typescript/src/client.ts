// A client over the generated types: one person, one case, one type for each action.
import { randomUUID } from "node:crypto";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./api.js";

export type Schemas = components["schemas"];
export type Action = Schemas["ActionBody"];
/** The fields of one action. */
export type Fields<Code extends Action["action"]> = Extract<Action, { action: Code }>;

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of an answer that must have succeeded. */
export function body<T>({ data, error, response }: Answer<T>): T {
  if (!response.ok || data === undefined) {
    throw new Error(`${response.url}: ${response.status} ${JSON.stringify(error)}`);
  }
  return data;
}

export class Person {
  private constructor(readonly api: Client<paths>, readonly session: Schemas["SessionView"]) {}

  static async signIn(baseUrl: string, username: string, password: string): Promise<Person> {
    const credentials: Schemas["LoginBody"] = { username, password };
    const session = body(await createClient<paths>({ baseUrl }).POST("/api/v1/auth/login", { body: credentials }));
    const headers = { Authorization: `Bearer ${session.access_token}` };
    return new Person(createClient<paths>({ baseUrl, headers }), session);
  }

  /** Takes an action on a case of the agency. */
  async act(seen: { id: string; version: number }, action: Action): Promise<Schemas["CaseView"]> {
    return body(await this.api.POST("/api/v1/cases/{id}/actions", this.sent(seen, action)));
  }

  /** Takes an action on the own request. */
  async actOnOwn(seen: { id: string; version: number }, action: Action): Promise<Schemas["RequestView"]> {
    return body(await this.api.POST("/api/v1/requests/{id}/actions", this.sent(seen, action)));
  }

  private sent(seen: { id: string; version: number }, action: Action) {
    const header = { "If-Match": `"${seen.version}"`, "Idempotency-Key": randomUUID() };
    return { params: { path: { id: seen.id }, header }, body: action };
  }
}
