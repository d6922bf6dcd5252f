import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from "../../protocol/generated/broker-heartbeat.ts";
import { BrokerHeartbeat } from "../../protocol/generated/broker-heartbeat.ts";
import type { BrokerRegistrationRequest } from "../../protocol/generated/broker-registration.ts";
import { BrokerRegistration } from "../../protocol/generated/broker-registration.ts";
import { ControllerRegistration } from "../../protocol/generated/controller-registration.ts";
import { changesBetween } from "../metadata/changes.ts";
import type { ControllerChannel } from "../metadata/controller/channel.ts";
import { supportedFeatures } from "../metadata/features.ts";
import {
  type BrokerRegistration as BrokerRegistrationImage,
  emptyImage,
  type MetadataImage,
} from "../metadata/image.ts";
import { ControllerRegistrar } from "./controller-registration.ts";
import { Lifecycle, type LifecycleOptions } from "./lifecycle.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A controller that answers as the test says, and remembers what it was asked. */
class Controller implements ControllerChannel {
  readonly asked: { readonly name: string; readonly request: unknown }[] = [];
  register: (request: BrokerRegistrationRequest) => number = () => 7;
  beat: (request: BrokerHeartbeatRequest) => Partial<BrokerHeartbeatResponse> = ({ wantFence }) => ({
    isFenced: wantFence,
  });

  async send<Request, Response>(message: { readonly name: string }, request: Request): Promise<Response> {
    this.asked.push({ name: message.name, request });
    if (message.name === BrokerRegistration.name) {
      const brokerEpoch = this.register(request as BrokerRegistrationRequest);
      return { throttleTimeMs: 0, errorCode: 0, brokerEpoch } as Response;
    }
    if (message.name === BrokerHeartbeat.name) {
      const reply = this.beat(request as BrokerHeartbeatRequest);
      const usual = { throttleTimeMs: 0, errorCode: 0, isCaughtUp: true, isFenced: true, shouldShutDown: false };
      return { ...usual, ...reply } as Response;
    }
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: null } as Response;
  }
  beats(): BrokerHeartbeatRequest[] {
    return this.asked
      .filter(({ name }) => name === BrokerHeartbeat.name)
      .map(({ request }) => request as BrokerHeartbeatRequest);
  }
}

function broker(change: Partial<LifecycleOptions> = {}) {
  const clock = new FakeClock();
  const controller = new Controller();
  const fatal: unknown[] = [];
  const lifecycle = new Lifecycle({
    nodeId: 1,
    clusterId: "cluster",
    clock,
    random: new Prng(1),
    logger: silent,
    channel: controller,
    metadata: { appliedOffset: 10, shows: async () => {} },
    hasController: () => true,
    listeners: [{ name: "PLAINTEXT", host: "localhost", port: 9092, securityProtocol: 0 }],
    features: supportedFeatures(),
    rack: null,
    directories: ["DDDDDDDDDDDDDDDDDDDDDA"],
    cordonedDirectories: () => [],
    previousBrokerEpoch: -1,
    heartbeatIntervalMs: 2000,
    registrationTimeoutMs: 60_000,
    directoryFailureTimeoutMs: 30_000,
    ready: Promise.resolve(),
    onFatal: (error) => fatal.push(error),
    ...change,
  });
  return { clock, controller, lifecycle, fatal };
}

test("directories are not named where the features have no place for that", async () => {
  const { controller, lifecycle } = broker({ cordonedDirectories: () => null });
  await lifecycle.start();
  expect(controller.beats().map(({ cordonedLogDirs }) => cordonedLogDirs)).toEqual([null, null]);
});

test("a ready broker runs without a wait: one registration, two heartbeats", async () => {
  const { controller, lifecycle } = broker();
  await lifecycle.start();
  expect(lifecycle.condition).toBe("running");
  expect(lifecycle.brokerEpoch).toBe(7);
  expect(controller.asked.map(({ name }) => name)).toEqual([
    "BrokerRegistration",
    "BrokerHeartbeat",
    "BrokerHeartbeat",
  ]);
  const usual = { brokerEpoch: 7, currentMetadataOffset: 10, cordonedLogDirs: [] };
  expect(controller.beats()).toMatchObject([
    { ...usual, wantFence: true },
    { ...usual, wantFence: false },
  ]);
});

test("heartbeats come every interval", async () => {
  const { clock, controller, lifecycle } = broker();
  await lifecycle.start();
  await clock.run(10_100, 100);
  expect(controller.beats()).toHaveLength(7);
});

test("a new controller, or one whose connection broke, hears at once that the broker lives", async () => {
  const { clock, controller, lifecycle } = broker();
  lifecycle.controllerLost(); // it has not registered yet
  await lifecycle.start();
  await clock.run(100);
  const before = controller.beats().length;
  lifecycle.controllerLost();
  await clock.run(1);
  expect(controller.beats()).toHaveLength(before + 1);
});

test.each([
  ["names no directories, where the level has them: again", 17, [], 2],
  ["names no directories, where the level has none", 16, [], 1],
  ["names its directories", 17, ["DDDDDDDDDDDDDDDDDDDDDA"], 1],
] as const)("a registration that %s", async (_, metadataVersion, directories, registrations) => {
  const { clock, controller, lifecycle } = broker();
  await lifecycle.start();
  const own = { id: 1, epoch: 7, directories } as unknown as BrokerRegistrationImage;
  const image = emptyImage();
  const features = { ...image.features, metadataVersion };
  const after = { ...image, features, brokers: new Map([[1, own]]) };
  lifecycle.changed({ after });
  await clock.run(100);
  expect(controller.asked.filter(({ name }) => name === BrokerRegistration.name)).toHaveLength(registrations);
});

test("a broker that still loads stays fenced, and is unfenced at once when it is ready", async () => {
  const ready = Promise.withResolvers<void>();
  const { clock, controller, lifecycle } = broker({ ready: ready.promise });
  const running = lifecycle.start();
  await clock.run(5_000, 100);
  expect(lifecycle.condition).toBe("recovery");
  expect(controller.beats().every(({ wantFence }) => wantFence)).toBe(true);
  ready.resolve();
  await running;
  expect(controller.beats().at(-1)?.wantFence).toBe(false);
});

test("a broker behind the metadata asks again soon, and does not speak of its directories yet", async () => {
  const metadata = { appliedOffset: 3, shows: async () => {} };
  const { clock, controller, lifecycle } = broker({ metadata });
  controller.beat = ({ currentMetadataOffset }) => {
    const isCaughtUp = currentMetadataOffset >= 7;
    return { isCaughtUp, isFenced: !isCaughtUp };
  };
  const running = lifecycle.start();
  await clock.run(25, 5);
  expect(controller.beats().every(({ cordonedLogDirs }) => cordonedLogDirs === null)).toBe(true);
  metadata.appliedOffset = 7;
  await clock.run(15, 5);
  await running;
});

test("running waits until this node's own image shows it", async () => {
  const shown = Promise.withResolvers<void>();
  const { clock, lifecycle } = broker({ metadata: { appliedOffset: 10, shows: () => shown.promise } });
  let running = false;
  const started = lifecycle.start().then(() => {
    running = true;
  });
  await clock.run(100);
  expect(running).toBe(false);
  shown.resolve();
  await started;
});

test("a refused registration is asked again, and ends the node after initial.broker.registration.timeout.ms", async () => {
  const { clock, controller, lifecycle, fatal } = broker();
  controller.register = () => {
    throw new KafkaError("DUPLICATE_BROKER_REGISTRATION", "another one lives");
  };
  void lifecycle.start();
  await clock.run(59_000, 500);
  expect(controller.asked.length).toBeGreaterThan(20);
  expect(fatal).toEqual([]);
  await clock.run(2_000, 500);
  expect(String(fatal[0])).toContain("we were unable to register with the controller quorum");
});

test("a controlled shutdown goes on until the controller lets go", async () => {
  const { clock, controller, lifecycle } = broker();
  await lifecycle.start();
  let left = 3;
  controller.beat = ({ wantShutDown }) => ({ isFenced: false, shouldShutDown: wantShutDown && --left === 0 });
  const stopped = lifecycle.controlledShutdown(300_000);
  await clock.run(100, 5);
  await stopped;
  expect(lifecycle.condition).toBe("shuttingDown");
  const asked = controller.asked.length;
  await clock.run(10_000, 500);
  expect(controller.asked).toHaveLength(asked);
});

test("a controlled shutdown without a controller ends after its time", async () => {
  const { clock, controller, lifecycle } = broker();
  await lifecycle.start();
  controller.beat = () => {
    throw new KafkaError("NOT_CONTROLLER", "gone");
  };
  const stopped = lifecycle.controlledShutdown(5_000);
  await clock.run(5_100, 100);
  await stopped;
});

test("a failed directory is reported at once, and in every heartbeat", async () => {
  const { clock, controller, lifecycle } = broker();
  await lifecycle.start();
  const before = controller.beats().length;
  lifecycle.directoryFailed("DDDDDDDDDDDDDDDDDDDDDA");
  await clock.run(10);
  expect(controller.beats()).toHaveLength(before + 1);
  expect(controller.beats().at(-1)?.offlineLogDirs).toEqual(["DDDDDDDDDDDDDDDDDDDDDA"]);
});

test("a broker that cannot tell of a failed directory for log.dir.failure.timeout.ms ends", async () => {
  const { clock, controller, lifecycle, fatal } = broker({ directoryFailureTimeoutMs: 7_000 });
  await lifecycle.start();
  lifecycle.directoryFailed("DDDDDDDDDDDDDDDDDDDDDA"); // told at once
  await clock.run(20_000, 10);
  expect(fatal).toEqual([]);
  controller.beat = () => {
    throw new KafkaError("NOT_CONTROLLER", "gone");
  };
  lifecycle.directoryFailed("DDDDDDDDDDDDDDDDDDDDDQ");
  await clock.run(6_900, 10);
  expect(fatal).toEqual([]);
  await clock.run(200, 10);
  const id = "DDDDDDDDDDDDDDDDDDDDDQ";
  expect(fatal).toEqual([
    new Error(`Shutting down because couldn't communicate offline log dir ${id} with controllers`),
  ]);
});

test("a broker that stops need not tell of a failed directory any more", async () => {
  const { clock, controller, lifecycle, fatal } = broker({ directoryFailureTimeoutMs: 7_000 });
  await lifecycle.start();
  controller.beat = () => {
    throw new KafkaError("NOT_CONTROLLER", "gone");
  };
  lifecycle.directoryFailed("DDDDDDDDDDDDDDDDDDDDDA");
  lifecycle.stop();
  await clock.run(20_000, 10);
  expect(fatal).toEqual([]);
});

test.each([
  ["NOT_CONTROLLER", [1, 3]],
  ["STALE_BROKER_EPOCH", [2, 3]],
] as const)("an error in a reply is an error: after %s", async (error, [registrations, beats]) => {
  const { clock, controller, lifecycle } = broker();
  let once = true;
  let epoch = 7;
  controller.register = () => epoch++;
  controller.beat = () => {
    const errorCode = once ? code(error) : 0;
    once = false;
    return { errorCode, isFenced: false };
  };
  const running = lifecycle.start();
  await clock.run(2_100, 100);
  await running;
  // Whose registration was replaced, be it by a request that came late from a process that is gone, registers again.
  expect(controller.asked.filter(({ name }) => name === BrokerRegistration.name)).toHaveLength(registrations);
  expect(controller.beats()).toHaveLength(beats);
  expect(controller.beats().at(-1)?.brokerEpoch).toBe(6 + registrations);
});

test("a controller registers once, and again where the log shows another incarnation", async () => {
  const clock = new FakeClock();
  const controller = new Controller();
  const features = supportedFeatures();
  const options = {
    nodeId: 1,
    clock,
    random: new Prng(1),
    logger: silent,
    channel: controller,
    listeners: [],
    features,
  };
  const registrar = new ControllerRegistrar(options);
  registrar.start();
  await clock.run(1);
  const registrations = () => controller.asked.filter(({ name }) => name === ControllerRegistration.name).length;
  expect(registrations()).toBe(1);
  const image = (incarnationId: string): MetadataImage => ({
    ...emptyImage(),
    features: { metadataVersion: 30, finalized: new Map(), zkMigrationState: null },
    controllers: new Map([
      [1, { id: 1, incarnationId, zkMigrationReady: false, endpoints: new Map(), features: new Map() }],
    ]),
  });
  registrar.changed(changesBetween(emptyImage(), image(registrar.incarnationId)));
  await clock.run(1);
  expect(registrations()).toBe(1);
  registrar.changed(changesBetween(image(registrar.incarnationId), image("EEEEEEEEEEEEEEEEEEEEEA")));
  await clock.run(1);
  expect(registrations()).toBe(2);
});

test("the last node of a cluster does not wait long for a controller that is gone", async () => {
  let known = true;
  const { clock, controller, lifecycle } = broker({ hasController: () => known });
  await lifecycle.start();
  controller.beat = () => new Promise<never>(() => {}) as never;
  let left = false;
  void lifecycle.controlledShutdown(30_000).then(() => {
    left = true;
  });
  await clock.run(5_000, 100);
  expect(left).toBe(false);
  known = false;
  await clock.run(1_500, 100);
  expect(left).toBe(false);
  await clock.run(1_000, 100);
  expect(left).toBe(true);
});
