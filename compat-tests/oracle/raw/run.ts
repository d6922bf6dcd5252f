/** Runs one case against one broker and returns what was answered, step by step. */
import { allMessages } from "../../../protocol/generated/all-messages.ts";
import type { Broker } from "../../lib/brokers.ts";
import missingApis from "../apis.missing.json";
import { masks } from "../masks.ts";
import type { Ask, Case, Own, Send } from "./case.ts";
import { differences, type Leaves, leavesOf, type Unordered } from "./compare.ts";
import { filled, type Partial } from "./fill.ts";
import { type Answer, type AnyMessage, decode, type Frame, Wire } from "./wire.ts";

export interface Answered {
  readonly api: string;
  readonly step: string;
  readonly leaves: Leaves;
  readonly quiet: boolean;
}

const messages = new Map((allMessages as readonly AnyMessage[]).map((message) => [message.name, message]));

function messageOf(api: string): AnyMessage {
  const message = messages.get(api);
  if (message === undefined) throw new Error(`no API ${api}`);
  return message;
}

/** The newest version that is stable: brokers do not advertise the unstable one. */
const newest = ({ versions, latestVersionUnstable }: AnyMessage) => versions[1] - (latestVersionUnstable ? 1 : 0);

function versionsOf(ask: Ask): number[] {
  const message = messageOf(ask.api);
  if (ask.versions === undefined || ask.versions === "newest") return [newest(message)];
  if (ask.versions !== "all") return [...ask.versions];
  const [min] = message.versions;
  return Array.from({ length: newest(message) - min + 1 }, (_, i) => min + i);
}

/** Of a node of a cluster too. */
type Asked = Pick<Broker, "bootstrap" | "controller" | "directory">;

/** At what the metadata says. Groups have clocks of their own. */
const onlyLook = new Set([
  ...["Metadata", "DescribeTopicPartitions", "DescribeCluster", "ListPartitionReassignments"],
  ...["DescribeConfigs", "ListConfigResources", "DescribeClientQuotas", "DescribeUserScramCredentials"],
]);
const LEARNS_TRIES = 100;

export interface Sides {
  /** Filled as the case goes on. */
  readonly answers?: Answered[];
  /**
   * Those of the other broker, to the same case, as they come. This one may learn of a change a moment after its
   * controller has answered for it: what only looks is asked again until both say the same, a hundred times at most.
   */
  readonly expected?: readonly Answered[] | undefined;
}

export async function runCase(
  broker: Asked,
  one: Case,
  sorts: readonly Unordered[],
  more: readonly (readonly [name: string, value: unknown])[] = [],
  { answers = [], expected }: Sides = {},
): Promise<Answered[]> {
  const own: Own = new Map<string, unknown>([
    ...more,
    ["port", Number(broker.bootstrap.split(":")[1])],
    ["controller port", Number(broker.controller.split(":")[1])],
    ["data directory", broker.directory],
  ]);
  const wires = new Map<string, Wire>();
  const wire = async (address: string) => {
    const open = wires.get(address);
    if (open !== undefined && !open.isClosed) return open;
    const fresh = await Wire.open(address);
    wires.set(address, fresh);
    return fresh;
  };
  for (const [index, step] of one.steps.entries()) {
    if ("send" in step) {
      const to = await wire(broker.bootstrap);
      to.send(step.send);
      const frame = await to.frame(step.waitMs ?? 1_500);
      answers.push(sent(step, `${index} bytes`, frame, own, sorts));
      continue;
    }
    for (const version of versionsOf(step)) {
      // Not before the other one: what is only asked may still make a topic, which it would show when asked again.
      const looks = expected !== undefined && onlyLook.has(step.api);
      for (let waits = 0; looks && expected.length <= answers.length && waits < LEARNS_TRIES; waits++) {
        await Bun.sleep(50);
      }
      for (let tries = 0; ; tries++) {
        const to = await wire(step.controller ? broker.controller : broker.bootstrap);
        const answered = asked(step, `${index} ${step.api} v${version}`, await ask(to, step, version, own), own, sorts);
        if (!looks || tries === LEARNS_TRIES || isSame(answered, expected[answers.length])) {
          answers.push(answered);
          break;
        }
        await Bun.sleep(50);
      }
    }
  }
  for (const open of wires.values()) open.close();
  return answers;
}

const isSame = ({ api, leaves }: Answered, other: Answered | undefined): boolean =>
  other !== undefined && differences(leaves, other.leaves, api, masks).length === 0;

function asked(step: Ask, title: string, answer: Answer, own: Own, sorts: readonly Unordered[]): Answered {
  if ("response" in answer) step.save?.(answer.response, own);
  const value = "response" in answer ? presentApis(step, answer.response) : answer;
  const names = new Map([...own].map(([name, ownValue]) => [ownValue, name]));
  return { api: step.api, step: title, leaves: leavesOf(value, names, step.api, sorts), quiet: step.quiet ?? false };
}

/** ApiVersions without the APIs of which it is known that they are missing. */
function presentApis({ api, controller }: Ask, response: unknown): unknown {
  if (api !== "ApiVersions") return response;
  const missing = new Set(Object.values<number>(controller ? missingApis.controller : missingApis.broker));
  const { apiKeys, ...rest } = response as { apiKeys: readonly { apiKey: number }[] };
  return { ...rest, apiKeys: apiKeys.filter(({ apiKey }) => !missing.has(apiKey)) };
}

function sent(step: Send, title: string, frame: Frame, own: Own, sorts: readonly Unordered[]): Answered {
  const names = new Map([...own].map(([name, value]) => [value, name]));
  if (!Buffer.isBuffer(frame))
    return { api: "bytes", step: title, leaves: leavesOf(frame, names, "", []), quiet: false };
  const [api, version] = step.answer ?? ["bytes", 0];
  const value =
    step.answer === undefined ? { bytes: new Uint8Array(frame) } : decode(messageOf(api), version, frame, 7);
  return { api, step: title, leaves: leavesOf(value, names, api, sorts), quiet: false };
}

async function ask(wire: Wire, step: Ask, version: number, own: Own): Promise<Answer> {
  const given: Partial = typeof step.request === "function" ? step.request(own, version) : step.request;
  const message = messageOf(step.api);
  const request = filled(`${step.api}Request`, given);
  for (let tries = 0; ; tries++) {
    const answer = await wire.exchange(message, version, request, step.waitMs);
    const done = !("response" in answer) || step.until === undefined || step.until(answer.response);
    if (done || tries === 200) return answer;
    await Bun.sleep(25);
  }
}
