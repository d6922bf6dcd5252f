/**
 * Opens many connections, asks each once for the API versions and holds them: `bun bench/connections.ts JOB`. Prints
 * how many are open, then waits to be ended.
 */
import { requestFrame } from "../protocol/frame.ts";
import { ApiVersions } from "../protocol/generated/api-versions.ts";
import { LoadConnection } from "./client.ts";
import { sender } from "./frames.ts";

export interface ConnectionsJob {
  readonly bootstrap: string;
  readonly connections: number;
}

const AT_A_TIME = 100;

async function open({ bootstrap, connections }: ConnectionsJob): Promise<number> {
  const [host, port] = bootstrap.split(":") as [string, string];
  const request = { clientSoftwareName: "bench", clientSoftwareVersion: "1" };
  const frame = new Uint8Array(Buffer.concat(requestFrame(ApiVersions, request, 3, sender)));
  const one = async (): Promise<void> => {
    const answered = Promise.withResolvers<void>();
    let asked = false;
    const next = () => {
      if (asked) return null;
      asked = true;
      return frame;
    };
    const events = { inFlight: 1, next, answered: () => answered.resolve() };
    (await LoadConnection.connect({ host, port: Number(port), ...events })).pump();
    await answered.promise;
  };
  for (let opened = 0; opened < connections; opened += AT_A_TIME) {
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, connections - opened) }, one));
  }
  return connections;
}

console.log(await open(JSON.parse(process.argv[2] as string) as ConnectionsJob));
setInterval(() => {}, 1_000);
