/** HTTP by Bun's own server, for answers that are ready at once and few. */
import { lookup } from "node:dns/promises";
import { type Address, ListenError } from "../../base/ports.ts";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Nobody has anything to send. */
const BODY_BYTES_MAX = 1024;
const IDLE_SECONDS_MAX = 30;

/** Host "" binds every address. @throws ListenError */
export async function serveHttp(address: Address, answer: (method: string, path: string) => Answer) {
  const hostname = await numeric(address);
  try {
    const server = Bun.serve({
      hostname,
      port: address.port,
      development: false,
      reusePort: false, // unless it is said, Bun shares the port with whoever else does
      maxRequestBodySize: BODY_BYTES_MAX,
      idleTimeout: IDLE_SECONDS_MAX,
      fetch: (request) => {
        const { status, type, body } = answer(request.method, new URL(request.url).pathname);
        return new Response(body, { status, headers: { "content-type": type } });
      },
    });
    return { port: server.port as number, close: () => void server.stop(true) };
  } catch (cause) {
    throw new ListenError(address, (cause as { code?: string }).code ?? "ENOTFOUND", cause);
  }
}

/** Bun takes a name that it cannot resolve for a port in use. */
async function numeric(address: Address): Promise<string> {
  if (address.host === "") return "::"; // both families
  try {
    return (await lookup(address.host)).address;
  } catch (cause) {
    throw new ListenError(address, "ENOTFOUND", cause);
  }
}
