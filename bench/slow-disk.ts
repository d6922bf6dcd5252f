/**
 * A node whose syncs take so much longer: `bun bench/slow-disk.ts MS`. It prints its address; ends with its input. The
 * delay is behind the disk port, so everything else is as always.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "../src/broker.ts";
import { parseStatic } from "../src/config/static.ts";
import { machinePorts } from "../src/runtime/ports.ts";

const delayMs = Number(process.argv[2]);
const directory = mkdtempSync(join(tmpdir(), "odradek-slow-disk-"));
const logger = { debug() {}, info() {}, warn: console.error, error: console.error };
const ports = machinePorts(() => logger);
const sync = ports.disk.sync.bind(ports.disk);
ports.disk.sync = async (file) => {
  await Bun.sleep(delayMs);
  await sync(file);
};
const overrides: [string, string][] = [
  ["process.roles", "broker,controller"],
  ["node.id", "1"],
  ["listeners", "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0"],
  ["controller.listener.names", "CONTROLLER"],
  ["controller.quorum.bootstrap.servers", "127.0.0.1:9093"],
  ["log.dirs", directory],
];
const config = parseStatic({ file: null, overrides, workingDirectory: directory });
const onFatal = (failure: unknown): void => {
  throw failure;
};
const node = await startBroker({ config, ports: { ...ports, logger }, clusterId: null, onFatal });
const { port } = node.listeners.broker[0] as { port: number };
console.log(`127.0.0.1:${port}`);
process.stdin.once("end", async () => {
  await node.stop();
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
});
process.stdin.resume();
