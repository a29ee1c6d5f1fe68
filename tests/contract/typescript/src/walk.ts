// One online request from submission to archive through the generated client, against a running demonstration.
import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { paths } from "./api.js";
import { type Action, Person, body } from "./client.js";

const baseUrl = process.argv[2];
assert.ok(baseUrl, "usage: node walk.js http://127.0.0.1:8080");
const person = (username: string) => Person.signIn(baseUrl, username, "gongkai-demo");
const [applicant, officer, secrecy, approver] = await Promise.all(
  (["applicant", "officer", "secrecy", "approver"] as const).map(person),
);
assert.ok(applicant && officer && secrecy && approver);
const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);

const agencies = body(await applicant.api.GET("/api/v1/agencies", { params: { query: { limit: 200 } } }));
const agency = agencies.items.find((one) => one.id === officer.session.user.agency_id);
assert.ok(agency, "the officer's agency stands in the guide");

let own = body(
  await applicant.api.POST("/api/v1/requests", {
    params: { header: { "Idempotency-Key": randomUUID() } },
    body: {
      kind: "disclosure",
      agency_id: agency.id,
      description: { title: "关于某地块征收补偿方案的信息", features: "2025年批准的某地块土地征收补偿安置方案全文" },
      form: "electronic",
      route: "online",
      document_ids: [],
    },
  }),
);
const { intake_number, query_code } = own;
assert.ok(query_code, "the query code is told at submission");
own = await applicant.actOnOwn(own, { action: "confirm_submission" });
assert.equal(own.steps.filter((step) => step.reached_on).length, 1);

const steps: [Person, Action][] = [
  [officer, { action: "confirm_receipt", received_on: today, evidence: { means: "page", by: "officer" } }],
  [officer, { action: "review_formally", checks: { name: true, contact: true, content: true, form: true, identity: true } }],
  [officer, {
    action: "review_substantively",
    checks: { relevant: true, government_information: true, held_by_us: true, needs_processing: false, already_public: false },
  }],
  [officer, { action: "draft_reply", items: [{ description: "方案全文", outcome: "granted", where: "附件" }] }],
  [secrecy, { action: "review_secrecy", verdicts: [{ item: 0, verdict: "release" }] }],
  [officer, { action: "submit_for_approval" }],
  [approver, { action: "approve_reply" }],
  [officer, { action: "issue_reply", method: "online", replied_on: today }],
];
let seen: { id: string; version: number } = own;
for (const [who, action] of steps) seen = await who.act(seen, action);
own = await applicant.actOnOwn(seen, { action: "record_delivery", result: "opened", delivered_on: today });
assert.equal(own.outcome, "granted");
const archived = await officer.act(own, { action: "archive", retention: "10y" });
assert.equal(archived.state, "archived");
assert.equal(archived.items[0]?.outcome, "granted");

// A refusal has the type of a problem.
const refused = await officer.api.POST("/api/v1/cases/{id}/actions", {
  params: { path: { id: archived.id }, header: { "If-Match": `"${archived.version}"` } },
  body: { action: "withdraw" },
});
assert.ok(refused.error && [403, 409].includes(refused.error.status), JSON.stringify(refused.error));

const number = archived.number ?? intake_number;
const found = body(
  await createClient<paths>({ baseUrl }).GET("/api/v1/track", { params: { query: { number, code: query_code } } }),
);
assert.deepEqual(found.steps.map((step) => step.step), ["submitted", "received", "handling", "replied", "finished"]);
const page = await applicant.api.POST("/api/v1/requests/{id}/receipt", {
  params: { path: { id: own.id } },
  body: { query_code },
  parseAs: "text",
});
assert.ok(body<string>(page).includes(number));
console.log(`${number}: submitted, answered, archived`);
