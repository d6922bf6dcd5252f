/** This program again as a process of its own; it ends when this one does, however that ends. */

/** `said` hears each line, of both streams. */
export function spawnSelf(argv: readonly string[], main: string, said: (line: string) => void) {
  const command = [process.execPath, "--no-orphans", "--no-install", "--no-env-file", main, ...argv];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const read = Promise.all([follow(child.stdout, said), follow(child.stderr, said)]);
  const ended = read.then(() => child.exited).then(() => child.exitCode ?? child.signalCode ?? "unknown");
  return { ended, pid: child.pid, stop: () => child.kill("SIGTERM") };
}

async function follow(stream: ReadableStream<Uint8Array>, said: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) said(line);
  }
  if (rest !== "") said(rest);
}
