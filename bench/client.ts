/**
 * A raw load connection: frames that were encoded once are written again and again, a fixed number in flight; answers
 * are cut from the stream and handed over whole. It does as little as a client can, because the stock ones are slower
 * than the broker.
 */
import type { Socket } from "bun";

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  /** Requests under way at a time. */
  readonly inFlight: number;
  /** The next frame, size included; null: nothing more now. */
  readonly next: () => Uint8Array | null;
  /** One answer without its size, and how long it took. */
  readonly answered: (answer: Uint8Array, latencyMs: number) => void;
}

export class LoadConnection {
  private readonly options: LoadOptions;
  private socket!: Socket;
  private pending: Uint8Array[] = [];
  private sentAt: number[] = [];
  private sentFrom = 0;
  private open = 0;
  private buffer = new Uint8Array(1 << 16);
  private held = 0;
  private stopped = false;
  private idle: (() => void) | null = null;

  private constructor(options: LoadOptions) {
    this.options = options;
  }

  static async connect(options: LoadOptions): Promise<LoadConnection> {
    const connection = new LoadConnection(options);
    connection.socket = await Bun.connect({
      hostname: options.host,
      port: options.port,
      socket: {
        data: (_, bytes) => connection.receive(bytes),
        drain: () => connection.flush(),
        close: () => connection.idle?.(),
      },
    });
    return connection;
  }

  /** Fills the pipe; called again by itself with every answer. */
  pump(): void {
    while (!this.stopped && this.open < this.options.inFlight) {
      const frame = this.options.next();
      if (frame === null) break;
      this.open++;
      this.sentAt.push(performance.now());
      this.pending.push(frame);
    }
    this.flush();
  }

  /** Sends nothing more; resolves when the last answer is there. */
  stop(): Promise<void> {
    this.stopped = true;
    return new Promise((done) => {
      if (this.open === 0) done();
      else this.idle = done;
    });
  }

  close(): void {
    this.socket.end();
  }

  private flush(): void {
    while (this.pending.length > 0) {
      const frame = this.pending[0] as Uint8Array;
      const taken = this.socket.write(frame);
      if (taken < frame.length) {
        this.pending[0] = frame.subarray(Math.max(taken, 0));
        return;
      }
      this.pending.shift();
    }
  }

  private receive(bytes: Uint8Array): void {
    if (this.held + bytes.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.held + bytes.length));
      grown.set(this.buffer.subarray(0, this.held));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.held);
    this.held += bytes.length;
    let at = 0;
    const view = new DataView(this.buffer.buffer);
    while (this.held - at >= 4) {
      const end = at + 4 + view.getInt32(at);
      if (end > this.held) break;
      this.open--;
      const latency = performance.now() - (this.sentAt[this.sentFrom++] as number);
      this.options.answered(this.buffer.subarray(at + 4, end), latency);
      at = end;
    }
    if (this.sentFrom > 4096) {
      this.sentAt = this.sentAt.slice(this.sentFrom);
      this.sentFrom = 0;
    }
    if (at > 0) this.buffer.copyWithin(0, at, this.held);
    this.held -= at;
    if (this.stopped && this.open === 0) this.idle?.();
    else this.pump();
  }
}
