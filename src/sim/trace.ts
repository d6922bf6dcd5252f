/** What happened, as a rolling hash: two runs of one seed must end with the same one. Optionally also as lines. */
import { hashText } from "./dice.ts";

export class Trace {
  private low = 0x811c9dc5;
  private high = 0x9dc5811c;
  events = 0;
  private readonly print: ((line: string) => void) | null;

  constructor(print: ((line: string) => void) | null) {
    this.print = print;
  }

  get isPrinted(): boolean {
    return this.print !== null;
  }

  note(timeMs: number, what: string): void {
    this.events++;
    this.low = hashText(what, this.low ^ Math.floor(timeMs * 1000));
    this.high = Math.imul(this.high ^ this.low, 0x85ebca6b) + this.events;
    this.print?.(`${(timeMs / 1000).toFixed(6).padStart(12)} ${what}`);
  }

  get hash(): string {
    const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
    return hex(this.low) + hex(this.high);
  }
}
