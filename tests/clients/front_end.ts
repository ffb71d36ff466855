// A front end on the types that openapi-typescript makes of the contract. Arguments: a photo.
// It ends with what it was told, as JSON; anything unexpected is an error of the compiler or an exit code.

import { randomBytes, randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./contract.js";

type Problem = components["schemas"]["Problem"];

const door = createClient<paths>({ baseUrl: process.env.DOOR! });

function newReceipt(): string {
  const digits = Array.from({ length: 28 }, () => randomInt(10)).join("");
  return digits + String(98n - ((BigInt(digits) * 100n) % 97n)).padStart(2, "0");
}

function told<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) {
    const problem = answer.error as Problem;
    throw new Error(`${problem.code}: ${problem.title}`);
  }
  return answer.data;
}

const headers = { Authorization: `Receipt ${newReceipt()}` };
const id = () => randomBytes(16).toString("hex");

const intake = told(await door.GET("/v1/intake"));
const tip: components["schemas"]["NewTip"] = { text: "ถนนพังหลังส่งงาน", category: "road", language: "th" };
const taken = told(await door.POST("/v1/tips", { headers, body: tip }));

const photo = new Blob([readFileSync(process.argv[2]!)], { type: "image/jpeg" });
const stored = told(
  await door.PUT("/v1/tip/attachments/{attachment_id}", {
    params: { path: { attachment_id: id() } },
    headers: { ...headers, "Content-Type": "image/jpeg" },
    body: photo as unknown as string,
    bodySerializer: () => photo,
  }),
);

told(await door.POST("/v1/tip/follow-ups", { headers, body: { id: id(), text: "ป้ายถูกถอดแล้ว" } }));
const view = told(await door.GET("/v1/tip", { headers }));
const waiting = told(await door.GET("/v1/tip/follow-ups", { headers }));
const cases = told(await door.GET("/v1/cases", { params: { query: { limit: 20 } } }));
const campaigns = told(await door.GET("/v1/campaigns"));
const places = told(await door.GET("/v1/places"));
const refused = await door.GET("/v1/tip", { headers: { Authorization: `Receipt ${newReceipt()}` } });

console.log(
  JSON.stringify({
    open: intake.open,
    receipt: taken.receipt,
    removed: stored.removed,
    state: view.state,
    follow_ups: waiting.follow_ups.length,
    cases: cases.pages.map((page) => page.slug),
    campaigns: campaigns.campaigns.length,
    provinces: places.places.length,
    refused: (refused.error as Problem | undefined)?.code,
  }),
);
