/** Producers and readers of a cluster as processes of their own: Load.java, compiled once. */
import { join } from "node:path";
import type { Subprocess } from "bun";
import { folder, jars, temporary } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { javaFlags } from "../lib/tools.ts";
import type { Acknowledged, Read } from "./history.ts";

export interface Target {
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
}

export class LoadTool {
  private readonly classes = temporary("load");

  /** Asked for only by who runs: the tests that are left out where there is no Kafka are read all the same. */
  private get path(): string {
    const libs = jars("4.3.1");
    if (libs === null) throw new Error("the jars of 4.3.1 are not here");
    return `${folder(this.classes.path)}:${libs}/*`;
  }

  async compile(): Promise<void> {
    const source = join(import.meta.dir, "Load.java");
    const done = await run(["javac", "-cp", this.path, "-d", this.classes.path, source]);
    if (done.exitCode !== 0) throw new Error(done.stderr);
  }

  /** Sends so many records a second, until it is stopped; `settings` are Java's own. */
  produce(to: Target, name: string, perSecond: number, settings: readonly string[] = []): Producer {
    const args = ["produce", to.bootstrap, to.topic, String(to.partitions), name, String(perSecond), ...settings];
    return new Producer(this.spawn(args));
  }

  /** Everything up to the ends of now. */
  async read({ bootstrap, topic, partitions }: Target): Promise<Read[]> {
    const child = this.spawn(["read", bootstrap, topic, String(partitions)]);
    const text = await new Response(child.stdout as ReadableStream<Uint8Array>).text();
    const lines = text.trimEnd().split("\n");
    if (lines.pop() !== "end") throw new Error("the reader did not reach the ends");
    return lines.map((line) => {
      const [, partition, offset, value] = line.split(" ") as [string, string, string, string];
      return { partition: Number(partition), offset: Number(offset), value };
    });
  }

  dispose(): void {
    this.classes.remove();
  }

  private spawn(args: readonly string[]): Subprocess {
    const command = ["java", ...javaFlags, "-cp", this.path, "Load", ...args];
    return Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "ignore" });
  }
}

export class Producer {
  readonly acknowledged: Acknowledged[] = [];
  /** What the producer gave up on, with its reason. */
  readonly failed: string[] = [];
  private readonly child: Subprocess;
  private readonly ended: Promise<void>;
  private readonly waiting = new Set<() => void>();

  constructor(child: Subprocess) {
    this.child = child;
    this.ended = this.follow(child.stdout as ReadableStream<Uint8Array>);
  }

  /** The next acknowledgement of a record in that partition (any, where null) after the time. */
  async acknowledgedAfter(ms: number, partition: number | null = null): Promise<Acknowledged> {
    for (;;) {
      const found = this.acknowledged.findLast((each) => partition === null || each.partition === partition);
      if (found !== undefined && found.atMs > ms) return this.firstAfter(ms, partition);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** From the time on, between two acknowledgements in that partition (in any, where null). */
  longestSilenceMs(sinceMs: number, partition: number | null): number {
    let longest = 0;
    let beforeMs = sinceMs;
    for (const each of this.acknowledged) {
      if (partition !== null && each.partition !== partition) continue;
      longest = Math.max(longest, each.atMs - beforeMs);
      beforeMs = Math.max(beforeMs, each.atMs);
    }
    return longest;
  }

  private firstAfter(ms: number, partition: number | null): Acknowledged {
    const isIt = (each: Acknowledged) => each.atMs > ms && (partition === null || each.partition === partition);
    return this.acknowledged.find(isIt) as Acknowledged;
  }

  /** Sends no more; resolves when everything sent is acknowledged or has failed. */
  async stop(): Promise<void> {
    const stdin = this.child.stdin as import("bun").FileSink;
    stdin.write("\n");
    await stdin.flush();
    await this.ended;
    await this.child.exited;
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  private async follow(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() as string;
      for (const line of lines) this.take(line);
      for (const wake of this.waiting) wake();
      this.waiting.clear();
    }
  }

  private take(line: string): void {
    const [outcome, partition, offset, value, atMs] = line.split(" ") as [string, string, string, string, string];
    if (outcome === "a") {
      this.acknowledged.push({ partition: Number(partition), offset: Number(offset), value, atMs: Number(atMs) });
    } else this.failed.push(line);
  }
}
