/**
 * `--add-scram` of `kafka-storage format`: "SCRAM-SHA-256=[name=alice,password=secret]" → the credential to store. As
 * Kafka's ScramParser; the sentences are those it prints.
 */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import type { Random } from "../../base/ports.ts";
import type { UserScramCredentialRecord } from "../../protocol/generated/records/metadata/user-scram-credential-record.ts";

interface Mechanism {
  readonly type: number;
  /** Of Kafka's enum, for messages. */
  readonly label: string;
  readonly hash: "sha256" | "sha512";
  readonly keyBytes: number;
}

const mechanisms: ReadonlyMap<string, Mechanism> = new Map([
  ["SCRAM-SHA-256", { type: 1, label: "SCRAM_SHA_256", hash: "sha256", keyBytes: 32 }],
  ["SCRAM-SHA-512", { type: 2, label: "SCRAM_SHA_512", hash: "sha512", keyBytes: 64 }],
]);

const ITERATIONS_MIN = 4096;
const ITERATIONS_MAX = 16384;

/** @throws Error with one sentence for the operator. */
export function parseScramArgument(argument: string, random: Random): UserScramCredentialRecord {
  const [mechanism, components] = splitArgument(argument.trim());
  const take = (key: string): string | undefined => {
    const value = components.get(key);
    components.delete(key);
    return value;
  };
  const name = take("name");
  if (name === undefined) throw new Error("You must supply 'name' to add-scram");
  const givenSalt = decoded(take("salt"), "salt");
  const iterations = parseIterations(take("iterations"));
  const password = take("password");
  const givenSalted = take("saltedpassword");
  if (password === undefined && givenSalted === undefined) {
    throw new Error("You must supply one of 'password' or 'saltedpassword' to add-scram");
  }
  if (password === undefined && givenSalt === null) {
    throw new Error("You must supply 'salt' with 'saltedpassword' to add-scram");
  }
  const salted = password === undefined ? decoded(givenSalted, "saltedPassword") : null;
  if (components.size > 0) throw new Error(`Unknown SCRAM configurations: ${[...components.keys()].sort().join(", ")}`);
  checkIterations(iterations, mechanism);
  if (password === "") throw new Error("Empty key");
  const salt = givenSalt ?? random.bytes(26);
  const secret = salted ?? saltedPassword(password as string, salt, iterations, mechanism);
  return { name, mechanism: mechanism.type, salt, ...keysOf(secret, mechanism), iterations };
}

function splitArgument(text: string): [Mechanism, Map<string, string>] {
  const equals = text.indexOf("=");
  if (equals < 0) throw new Error(`Failed to find equals sign in SCRAM argument '${text}'`);
  const mechanism = mechanisms.get(text.slice(0, equals));
  if (mechanism === undefined) {
    throw new Error(`The add-scram mechanism ${text.slice(0, equals)} is not supported.`);
  }
  const list = text.slice(equals + 1);
  if (!list.startsWith("[")) throw new Error("Expected configuration string to start with [");
  if (!list.endsWith("]")) throw new Error("Expected configuration string to end with ]");
  const components = new Map<string, string>();
  for (const component of list.slice(1, -1).split(",")) {
    const at = component.indexOf("=");
    if (at < 0) throw new Error(`No equals sign found in SCRAM component: ${component}`);
    const value = component.slice(at + 1);
    const isQuoted = value.length >= 2 && value.startsWith('"') && value.endsWith('"');
    components.set(component.slice(0, at), isQuoted ? value.slice(1, -1) : value);
  }
  return [mechanism, components];
}

function decoded(text: string | undefined, what: string): Uint8Array | null {
  if (text === undefined) return null;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error(`Failed to decode given ${what}: ${text}`);
  return new Uint8Array(Buffer.from(text, "base64"));
}

function parseIterations(text: string | undefined): number {
  if (text === undefined) return ITERATIONS_MIN;
  const iterations = Number(text);
  if (!/^[+-]?\d+$/.test(text) || Math.abs(iterations) > 0x7fff_ffff) {
    throw new Error(`Failed to parse iterations count: ${text}`);
  }
  return iterations;
}

function checkIterations(iterations: number, { label }: Mechanism): void {
  const limit = iterations < ITERATIONS_MIN ? `>= ${ITERATIONS_MIN}` : `<= ${ITERATIONS_MAX}`;
  if (iterations >= ITERATIONS_MIN && iterations <= ITERATIONS_MAX) return;
  throw new Error(`The 'iterations' value must be ${limit} for add-scram using ${label}`);
}

function saltedPassword(password: string, salt: Uint8Array, iterations: number, { hash, keyBytes }: Mechanism) {
  return new Uint8Array(pbkdf2Sync(password, salt, iterations, keyBytes, hash));
}

/** RFC 5802: what the server keeps; neither lets anybody log in as the client. */
function keysOf(salted: Uint8Array, { hash }: Mechanism): { storedKey: Uint8Array; serverKey: Uint8Array } {
  const clientKey = createHmac(hash, salted).update("Client Key").digest();
  const storedKey = new Uint8Array(createHash(hash).update(clientKey).digest());
  return { storedKey, serverKey: new Uint8Array(createHmac(hash, salted).update("Server Key").digest()) };
}
