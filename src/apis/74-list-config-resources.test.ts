import { expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import type { ListConfigResourcesResponse } from "../../protocol/generated/list-config-resources.ts";
import { applyRecords } from "../metadata/apply.ts";
import { emptyImage } from "../metadata/image.ts";
import { record } from "../metadata/records/record.ts";
import { listConfigResources } from "./74-list-config-resources.ts";
import type { RequestContext } from "./api.ts";
import type { Services } from "./services.ts";

const image = applyRecords(emptyImage(), [
  record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 30 }),
  record("TopicRecord", { name: "orders", topicId: "AAAAAAAAAAAAAAAAAAAAEA" }),
  record("ConfigRecord", { resourceType: 16, resourceName: "metrics-a", name: "interval.ms", value: "1000" }),
  record("ConfigRecord", { resourceType: 32, resourceName: "readers", name: "share.isolation.level", value: "x" }),
]);

function list(resourceTypes: number[], apiVersion: number): [string, [number, string][]] {
  const services = { image: () => image } as unknown as Services;
  const context = { apiVersion, listener: "PLAINTEXT" } as unknown as RequestContext;
  const reply = listConfigResources.handle(services, { resourceTypes }, context) as ListConfigResourcesResponse;
  return [
    errorName(reply.errorCode),
    reply.configResources.map(({ resourceType, resourceName }) => [resourceType, resourceName]),
  ];
}

test("version 0 knows client metrics only", () => {
  expect(list([], 0)).toEqual(["NONE", [[16, "metrics-a"]]]);
});

test("version 1 lists every type, or those that are asked for", () => {
  const all: [number, string][] = [
    [32, "readers"],
    [16, "metrics-a"],
    [2, "orders"],
  ];
  expect(list([], 1)).toEqual(["NONE", all]);
  expect(list([2], 1)).toEqual(["NONE", [[2, "orders"]]]);
  expect(list([3], 1)).toEqual(["UNSUPPORTED_VERSION", []]);
});
