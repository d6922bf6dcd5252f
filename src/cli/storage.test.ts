import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { storage } from "./storage.ts";

const cluster = "AxAqPeHBS8mBPWBDjk2c5A";
const clock = new FakeClock();

function machine(properties: string) {
  const disk = new MemoryDisk(() => clock.nowMs());
  disk.makeDirectory("/etc");
  disk.plant("/etc/s.properties", new TextEncoder().encode(properties));
  disk.crash("all");
  const said: string[] = [];
  const terminal = {
    workingDirectory: "/etc",
    print: (text: string) => void said.push(text),
    printError: (text: string) => void said.push(`! ${text}`),
  };
  const run = async (...argv: string[]) => {
    said.length = 0;
    const exitCode = await storage({ command: "storage", argv }, { disk, clock, random: new Prng(3), terminal });
    return { exitCode, said: said.join("") };
  };
  return { disk, run };
}

const controller =
  "process.roles=controller\nnode.id=1\ncontroller.quorum.bootstrap.servers=a:9093\nlisteners=CONTROLLER://a:9093\n" +
  "controller.listener.names=CONTROLLER\nlog.dirs=/a,/b\n";

test("a format survives power loss once it has said so", async () => {
  const { disk, run } = machine(controller);
  const { exitCode, said } = await run("format", "-c", "s.properties", "-t", cluster, "--standalone");
  expect({ exitCode, last: said.split("\n").slice(-3) }).toEqual({
    exitCode: 0,
    last: [
      "Formatting data directory /b with metadata.version 4.3-IV0.",
      "Formatting dynamic metadata voter directory /a with metadata.version 4.3-IV0.",
      "",
    ],
  });
  disk.crash("none");
  const info = await run("info", "-c", "s.properties");
  expect(info.exitCode).toBe(0);
  expect(info.said).toContain(`Found metadata: {cluster.id=${cluster}, directory.id=`);
});

test("only the directory that is new is formatted, and not as a voter of its own", async () => {
  const { disk, run } = machine(controller);
  await run("format", "-c", "s.properties", "-t", cluster, "-N");
  const kept = disk.info("/a/meta.properties");
  const wider = new TextEncoder().encode(controller.replace("/a,/b", "/a,/b,/c"));
  disk.plant("/etc/s.properties", wider);
  const { exitCode, said } = await run("format", "-c", "s.properties", "-t", cluster, "-sg");
  expect(exitCode).toBe(0);
  expect(said.match(/Formatting .*/g)).toEqual(["Formatting data directory /c with metadata.version 4.3-IV0."]);
  expect(disk.info("/a/meta.properties")).toEqual(kept);
  expect(disk.info("/a/__cluster_metadata-0")).toBeNull();
});

test.each([
  [["format", "-c", "s.properties"], "argument --cluster-id/-t is required"],
  [["format", "-c", "none", "-t", cluster, "-s"], "There is no file /etc/none."],
  [["format", "-c", "s.properties", "-t", cluster], "you must specify one of the following"],
  [["format", "-c", "s.properties", "-t", cluster, "-I", "1@a:1:x"], "Failed to parse directory ID"],
  [["format", "-c", "s.properties", "-t", cluster, "-s", "-r", "2.8"], "Unknown metadata.version '2.8'"],
  [["format", "-c", "s.properties", "-t", cluster, "-s", "-S", "x"], "Failed to find equals sign"],
])("%p is refused, and writes nothing", async (argv, why) => {
  const { disk, run } = machine(controller);
  const { exitCode, said } = await run(...argv);
  expect(exitCode).toBe(1);
  expect(said).toContain(why);
  expect(disk.info("/a")).toBeNull();
});
