#!/usr/bin/env node
/** The command `odradek`: plain Node starts the pinned Bun on the program. */
import { isatty } from "node:tty";
import { become, findBun, findProgram, root } from "./bootstrap.mjs";

// Bun reads bunfig.toml, tsconfig.json and .env of the folder it starts in. That may be another project's, so it starts
// in ours and is told where it was called. --no-orphans: it ends when this process does, however that ends.
const flags = ["--no-orphans", "--no-install", "--no-env-file"];
const args = process.argv.slice(2);
// Node forgets that nohup told it to ignore the hang-up. Without a terminal nobody hangs up on it.
const hasTerminal = [0, 1, 2].some(isatty);
become(findBun(), [...flags, findProgram(), ...args], {
  cwd: root,
  env: { ...process.env, ODRADEK_WORKING_DIRECTORY: process.cwd(), ODRADEK_HANGUP: hasTerminal ? "stop" : "ignore" },
});
