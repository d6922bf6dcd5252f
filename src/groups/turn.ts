/** What the functions of one operation on a group shard share. */
import type { Logger } from "../../base/ports.ts";
import type { Draft } from "../coordinator/draft.ts";
import type { GroupEvent } from "./event.ts";
import type { GroupSettings } from "./settings.ts";

export interface Turn {
  readonly nowMs: number;
  readonly settings: GroupSettings;
  readonly log: Logger;
  readonly draft: Draft<GroupEvent>;
}
