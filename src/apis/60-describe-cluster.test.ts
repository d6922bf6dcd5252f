import { expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import type { DescribeClusterRequest } from "../../protocol/generated/describe-cluster.ts";
import { applyRecords } from "../metadata/apply.ts";
import { record } from "../metadata/records/record.ts";
import { clusterImage } from "../metadata/testing/controller-fixture.ts";
import { describeCluster } from "./60-describe-cluster.ts";
import type { ListenerKind } from "./api.ts";
import { DataPlane } from "./testing/data-plane.ts";

async function ask(request: Partial<DescribeClusterRequest>, version = 2, listenerKind: ListenerKind = "broker") {
  const plane = await DataPlane.open();
  Object.assign(plane.services, { controllerId: () => 7 });
  plane.image = applyRecords(clusterImage([{ id: 1 }, { id: 2, fenced: true }]), [
    record("RegisterControllerRecord", {
      controllerId: 7,
      incarnationId: "CCAAAAAAAAAAAAAAAAAAAA",
      zkMigrationReady: false,
      endPoints: [{ name: "CONTROLLER", host: "localhost", port: 9093, securityProtocol: 0 }],
      features: [],
    }),
  ]);
  const whole = { includeClusterAuthorizedOperations: false, endpointType: 1, includeFencedBrokers: false, ...request };
  const listener = listenerKind === "broker" ? "PLAINTEXT" : "CONTROLLER";
  const context = { ...plane.context(describeCluster, version), listenerKind, listener };
  const reply = describeCluster.handle(plane.services, whole, context);
  if (typeof reply !== "object" || reply instanceof Promise) throw new Error("an answer from memory");
  return reply;
}

test("fenced brokers are named to those who ask for them", async () => {
  const ids = async (includeFencedBrokers: boolean) =>
    (await ask({ includeFencedBrokers })).brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced]);
  expect(await ids(false)).toEqual([[1, false]]);
  expect(await ids(true)).toEqual([
    [1, false],
    [2, true],
  ]);
});

test("on a controller listener the controllers are named, and the active one", async () => {
  const reply = await ask({ endpointType: 2 }, 2, "controller");
  expect(reply).toMatchObject({ endpointType: 2, controllerId: 7 });
  expect(reply.brokers).toEqual([{ brokerId: 7, host: "localhost", port: 9093, rack: null, isFenced: false }]);
});

test.each([
  [2, 1, "MISMATCHED_ENDPOINT_TYPE"],
  [9, 1, "UNSUPPORTED_ENDPOINT_TYPE"],
  [9, 0, "INVALID_REQUEST"],
] as const)("endpoint type %d on a broker at version %d: %s", async (endpointType, version, error) => {
  const reply = await ask({ endpointType }, version);
  expect(errorName(reply.errorCode)).toBe(error);
});

test("the message of a wrong endpoint is Kafka's", async () => {
  expect((await ask({ endpointType: 2 })).errorMessage).toBe(
    "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER",
  );
});
