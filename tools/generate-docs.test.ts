import { expect, test } from "bun:test";
import { staleDocuments } from "./generate-docs.ts";

test("the generated documents are what the tables say (else: npm run docs)", () => {
  expect(staleDocuments()).toEqual([]);
});
