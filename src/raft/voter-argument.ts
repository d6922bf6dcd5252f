/**
 * `--initial-controllers` of `kafka-storage format`: "id@host:port:directory,…" → the first voters. As Kafka's
 * DynamicVoters; the sentences are those it prints.
 */
import { uuidToBytes } from "../../base/uuid.ts";
import type { Voter, VoterSet } from "./state.ts";
import { supportedKraftVersions } from "./voters.ts";

/** By id, each reached on `listenerName`. @throws Error with one sentence for the operator. */
export function parseVoters(text: string, listenerName: string): VoterSet {
  const entries = text.trim().split(",");
  const voters = entries.filter((entry) => entry !== "").map((entry) => parseVoter(entry.trim(), listenerName));
  if (voters.length === 0) throw new Error("No voters given.");
  voters.sort((a, b) => a.id - b.id);
  const twin = voters.find(({ id }, at) => voters[at + 1]?.id === id);
  if (twin !== undefined) throw new Error(`Node id ${twin.id} was specified more than once.`);
  return voters;
}

function parseVoter(text: string, name: string): Voter {
  const at = text.indexOf("@");
  if (at < 0) throw new Error("No @ found in dynamic voter string.");
  if (at === 0) throw new Error("Invalid @ at beginning of dynamic voter string.");
  const id = integer(text.slice(0, at));
  if (id === null) throw new Error("Failed to parse node id in dynamic voter string.");
  if (id < 0) throw new Error(`Invalid negative node id ${id} in dynamic voter string.`);
  const [host, afterHost] = splitHost(text.slice(at + 1));
  if (!afterHost.startsWith(":")) throw new Error("Port section must start with a colon.");
  const colon = afterHost.indexOf(":", 1);
  if (colon < 0) throw new Error("No colon following port could be found.");
  const port = integer(afterHost.slice(1, colon));
  if (port === null) throw new Error("Failed to parse port in dynamic voter string.");
  if (port < 0 || port > 65535) throw new Error(`Invalid port ${port} in dynamic voter string.`);
  const directoryId = afterHost.slice(colon + 1);
  if (!uuidToBytes(directoryId, new Uint8Array(16))) {
    throw new Error("Failed to parse directory ID in dynamic voter string.");
  }
  return { id, directoryId, endpoints: [{ name, host, port }], kraftVersions: supportedKraftVersions };
}

function splitHost(text: string): [host: string, rest: string] {
  if (text === "") throw new Error("No hostname found after node id.");
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    if (end < 0) throw new Error("Hostname began with left bracket, but no right bracket was found.");
    return [plainIpv6(text.slice(1, end)), text.slice(end + 1)];
  }
  const colon = text.indexOf(":");
  if (colon < 0) throw new Error("No colon following hostname could be found.");
  return [text.slice(0, colon), text.slice(colon)];
}

/** As Java writes an address: eight groups, none left out. What is no IPv6 address stays as it is. */
function plainIpv6(host: string): string {
  if (!/^[0-9a-f:]+$/i.test(host)) return host;
  const [head = "", tail] = host.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16).toString(16)).join(":");
}

function integer(text: string): number | null {
  const value = Number(text);
  return /^[+-]?\d+$/.test(text) && Math.abs(value) <= 0x7fff_ffff ? value : null;
}
