/** Every case, in the order they run. */
import type { Case } from "../raw/case.ts";
import { adminCases } from "./admin.ts";
import { badInputCases } from "./bad-input.ts";
import { brokerCases } from "./brokers.ts";
import { clusterCases } from "./cluster.ts";
import { configCases } from "./configs.ts";
import { dataCases } from "./data.ts";
import { envelopeCases } from "./envelopes.ts";
import { groupCases } from "./groups.ts";
import { listingCases } from "./listings.ts";
import { produceCases } from "./produce.ts";
import { quorumCases } from "./quorum.ts";
import { topicCases } from "./topics.ts";
import { voterCases } from "./voters.ts";

export const cases: readonly Case[] = [
  ...clusterCases,
  ...topicCases,
  ...produceCases,
  ...dataCases,
  ...listingCases,
  ...groupCases,
  ...configCases,
  ...adminCases,
  ...brokerCases,
  ...envelopeCases,
  ...quorumCases,
  ...voterCases,
  ...badInputCases,
];
