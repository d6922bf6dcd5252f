/** Apache's command-line classes in one long-lived JVM (Scripts.java): the same mains, without a JVM start for each. */
import { join } from "node:path";
import { jars } from "./place.ts";
import type { Finished } from "./process.ts";
import { classes, javaFlags, type Script } from "./tools.ts";

export class ScriptHost {
  private readonly child;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    const libs = jars("4.3.1");
    if (libs === null) throw new Error("the jars of 4.3.1 are not here");
    const command = ["java", ...javaFlags, "-cp", `${libs}/*`, join(import.meta.dir, "Scripts.java")];
    this.child = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "ignore" });
    this.lines = linesOf(this.child.stdout);
  }

  /** One at a time. The exit code is -1 where the tool did not end within 60 s. */
  async run(script: Script, args: readonly string[], input = ""): Promise<Finished> {
    const words = [input, classes[script], ...args].map((word) => `=${Buffer.from(word).toString("base64")}`);
    this.child.stdin.write(`${words.join(" ")}\n`);
    await this.child.stdin.flush();
    const { value } = await this.lines.next();
    if (value === undefined) throw new Error("the JVM that runs the scripts has ended");
    const [code, stdout, stderr] = (value as string).split(" ") as [string, string, string];
    const text = (word: string) => Buffer.from(word.slice(1), "base64").toString();
    return { exitCode: Number(code), stdout: text(stdout), stderr: text(stderr) };
  }

  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child.exited;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
    }
  }
}
