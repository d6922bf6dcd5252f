/** A node with its listener for HTTP beside it, which is bound first: a port in use ends the start. */
import type { Address } from "../../base/ports.ts";
import type { Services } from "../apis/services.ts";
import { type Broker, type BrokerOptions, startBroker } from "../broker.ts";
import { answer, type HttpAnswer, METRICS_PATH, plain } from "./routes.ts";

/** @throws ListenError */
export type ServeHttp = (address: Address, answer: (method: string, path: string) => HttpAnswer) => Promise<HttpServer>;

export interface HttpServer {
  readonly port: number;
  /** Open connections are cut. */
  close(): void;
}

export interface WatchedBroker extends Broker {
  /** Where the metrics are. */
  readonly metricsUrl: string;
}

export async function startWithHttp(
  options: BrokerOptions,
  address: Address,
  serve: ServeHttp,
): Promise<WatchedBroker> {
  const { logger } = options.ports;
  let services: Services | null = null;
  const server = await serve(address, (method, path) => {
    try {
      return answer(method, path, services);
    } catch (bug) {
      logger.error(`This is a bug of Odradek: ${bug instanceof Error ? bug.stack : bug}`);
      return plain(500, "The log of the node says why."); // who only looks on does not end the node
    }
  });
  try {
    const broker = await startBroker(options);
    services = broker.services;
    const stop = () => broker.stop().finally(() => server.close());
    return { ...broker, metricsUrl: urlOf({ ...address, port: server.port }), stop };
  } catch (failure) {
    server.close();
    throw failure;
  }
}

function urlOf({ host, port }: Address): string {
  const name = host === "" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}${METRICS_PATH}`;
}
