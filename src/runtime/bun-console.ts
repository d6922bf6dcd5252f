/**
 * The two output streams of the process. Bun's own writers instead of process.stdout: that one loads Node's streams,
 * which would be a tenth of a start.
 */
export class BunConsole {
  readonly #out = Bun.stdout.writer();
  readonly #error = Bun.stderr.writer();

  print(text: string): void {
    this.#out.write(text);
    void flush(this.#out);
  }

  printError(text: string): void {
    this.#error.write(text);
    void flush(this.#error);
  }

  /** Before the process exits. */
  async flush(): Promise<void> {
    await Promise.all([flush(this.#out), flush(this.#error)]);
  }
}

/** A reader that has gone away (`| head`) is no reason to fail. */
async function flush(sink: Bun.FileSink): Promise<void> {
  try {
    await sink.flush();
  } catch {
    // nobody listens
  }
}
