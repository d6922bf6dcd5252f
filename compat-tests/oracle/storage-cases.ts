/**
 * What `kafka-storage` is asked, in order: Apache's and ours, each in a folder of its own. `{new}` is a properties file
 * of a node with directories of its own; the others are named below. A later case may build on an earlier one.
 */

const listeners = "listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093\n";
const dynamic = "controller.quorum.bootstrap.servers=localhost:9093\n";

/** The combined node 1, whose directories are `dirs`. */
export function nodeProperties(dirs: string, more = ""): string {
  const head = "process.roles=broker,controller\nnode.id=1\ncontroller.listener.names=CONTROLLER\n";
  const quorum = more.includes("controller.quorum.voters") ? "" : dynamic;
  return `${head}${quorum}${listeners}log.dirs=${dirs}\n${more}`;
}

/** Name → content, `{dir}` being the folder of the run. */
export const files: Readonly<Record<string, string>> = {
  one: nodeProperties("{dir}/one"),
  two: nodeProperties("{dir}/two-a,{dir}/two-b"),
  three: nodeProperties("{dir}/two-a,{dir}/two-b,{dir}/three"),
  apart: nodeProperties("{dir}/apart-data", "metadata.log.dir={dir}/apart-metadata\n"),
  advertised: nodeProperties(
    "{dir}/advertised",
    "advertised.listeners=PLAINTEXT://b.example:19092,CONTROLLER://c.example:19093\n",
  ),
  everywhere: nodeProperties("{dir}/everywhere").replace("CONTROLLER://localhost:", "CONTROLLER://:"),
  static: nodeProperties("{dir}/static", "controller.quorum.voters=1@localhost:9093\n"),
  static2: nodeProperties("{dir}/static2", "controller.quorum.voters=1@localhost:9093\n"),
  other: nodeProperties("{dir}/one").replace("node.id=1", "node.id=7"),
  broker:
    "process.roles=broker\nnode.id=2\ncontroller.listener.names=CONTROLLER\n" +
    `${dynamic}listeners=PLAINTEXT://localhost:9094\nlog.dirs={dir}/broker\n`,
};

const cluster = "AxAqPeHBS8mBPWBDjk2c5A";
const directory = "JEXY6aqzQY-32P5TStzaFg";
const second = "2@other.example:9095:MvDxzVmcRsaTz33bUuRU6A";

const formatOf = (file: string, ...args: string[]) => ["format", "-t", cluster, "-c", `{${file}}`, ...args];
const format = (...args: string[]) => formatOf("new", ...args);
const scram = (text: string) => format("-s", "--add-scram", text);
const voters = (text: string) => format("--initial-controllers", text);

export const cases: readonly (readonly string[])[] = [
  [],
  ["nonsense"],
  ["random-uuid"],
  ["random-uuid", "x"],
  ["format"],
  ["info"],
  ["feature-dependencies"],
  ["format", "-c", "{one}"],
  formatOf("one"),
  formatOf("one", "--standalone", "--no-initial-controllers"),
  formatOf("one", "--initial-controllers", "x", "-s"),
  ["info", "-c", "{one}"],
  formatOf("one", "--standalone"),
  ["info", "-c", "{one}"],
  formatOf("one", "--standalone"),
  formatOf("one", "--standalone", "--ignore-formatted"),
  ["format", "-t", "ByAqPeHBS8mBPWBDjk2c5A", "-c", "{one}", "-sg"],
  formatOf("other", "-sg"),
  formatOf("two", "-N"),
  ["info", "-c", "{two}"],
  ["info", "-c", "{three}"],
  formatOf("three", "-sg"),
  ["info", "-c", "{three}"],
  formatOf("apart", "-s"),
  formatOf("advertised", "-s"),
  formatOf("everywhere", "-s"),
  formatOf("static", "-s"),
  formatOf("static", "-I", `1@localhost:9093:${directory}`),
  formatOf("static"),
  ["info", "-c", "{static}"],
  formatOf("static2", "-f", "kraft.version=1"),
  formatOf("static2", "-N"),
  formatOf("broker", "-s"),
  formatOf("broker"),
  ["info", "-c", "{broker}"],
  ["format", "-t", "any text", "-c", "{new}", "-s"],

  ...["3.7", "3.3", "3.3-IV3", "4.0", "4.0.1", "4.1-IV1", "4.4-IV0", "4.4", "9.9", "3.2", "x"].map((release) =>
    format("-s", "-r", release),
  ),
  format("-s", "-f", "metadata.version=25"),
  format("-s", "-f", "metadata.version=31"),
  format("-s", "-f", "metadata.version=99"),
  format("-s", "-f", "metadata.version=25", "-r", "4.0"),
  format("-s", "-f", "kraft.version=0"),
  format("-N", "-f", "kraft.version=1"),
  ...["kraft.version=2", "no.such=1", "transaction.version=9", "nope", "a=b", "a=b=c", "group.version=99999"].map(
    (text) => format("-s", "-f", text),
  ),
  format("-s", "-f", "group.version=-1"),
  format("-s", "-f", "transaction.version=1", "-f", "group.version=0"),
  format("-s", "-f", "transaction.version=1", "-f", "transaction.version=2"),
  format("-s", "-r", "3.8", "-f", "eligible.leader.replicas.version=1"),
  format("-s", "-r", "3.3", "-f", "transaction.version=1"),

  voters(`1@localhost:9093:${directory}`),
  voters(`${second},1@localhost:9093:${directory},`),
  voters(second),
  ...["::1", "fe80::a:0B:1", "1:2:3:4:5:6:7:8"].map((host) => voters(`1@[${host}]:9093:${directory}`)),
  voters(`1@localhost:9093:${directory},1@localhost:9094:MvDxzVmcRsaTz33bUuRU6A`),
  ...["x", "", "1@", "1@[::1", "1@localhost", "1@localhost:9093", "1@[::1]x:1:a", "1@localhost:9093:xx"].map(voters),
  voters(`1@localhost:x:${directory}`),
  voters(`1@localhost:99999:${directory}`),
  voters(`a@localhost:9093:${directory}`),
  format("-I", `-1@localhost:9093:${directory}`),

  scram("SCRAM-SHA-256=[name=drawn-salt,password=alice-secret]"),
  scram("SCRAM-SHA-256=[name=alice,password=alice-secret,salt=MWx2NHBkbnc0ZndxN25vdGN4bTB5YTFw]"),
  scram('SCRAM-SHA-512=[name=alice,iterations=8192,salt="N3E=",saltedpassword="YCE="]'),
  [...scram("SCRAM-SHA-256=[name=a,password=x,salt=YCE=]"), "-S", "SCRAM-SHA-512=[name=b,password=x,salt=YCE=]"],
  ...["name=alice", "password=x", "name=a,password=x,iterations=1", "name=a,password=x,iterations=99999"].map((text) =>
    scram(`SCRAM-SHA-256=[${text}]`),
  ),
  ...["name=a,password=x,iterations=y", "name=a,saltedpassword=YCE=", "name=a,password=x,foo=1,bar=2"].map((text) =>
    scram(`SCRAM-SHA-512=[${text}]`),
  ),
  ...[
    "name=a,password=",
    "name=a,password=x,salt=??",
    'name="a,b",password=x',
    "name=a,salt=YCE=,saltedpassword=?",
  ].map((text) => scram(`SCRAM-SHA-256=[${text}]`)),
  scram("SCRAM-SHA-1=[name=a,password=x]"),
  scram("SCRAM-SHA-256=name=a"),
  scram("SCRAM-SHA-256=[name=a"),
  scram("x"),
  format("-s", "-r", "3.4", "-S", "SCRAM-SHA-256=[name=alice,password=alice-secret]"),

  format("-s", "extra"),
  format("--stand"),
  format("--in", "x"),
  format("-sg"),
  format("-s", "-r4.0"),
  format("-s", "--release-version=4.0"),
  format("-s", "--bogus"),
  format("-s", "-Z"),
  format("-s", "-r"),

  ["version-mapping"],
  ...["3.7", "3.3-IV3", "4.0-IV0", "4.0-IV2", "4.3.1", "4.4-IV0", "2.0", "x"].map((r) => ["version-mapping", "-r", r]),
  ["feature-dependencies", "-f", "transaction.version=2", "-f", "eligible.leader.replicas.version=1", "-f", "no=1"],
  ...[
    "metadata.version=22",
    "metadata.version=31",
    "metadata.version=99",
    "kraft.version=9",
    "kraft.version",
    "a=x",
  ].map((text) => ["feature-dependencies", "-f", text]),
  ...["group.version=0", "group.version=-1", "group.version=1=2", "group.version=99999", "share.version=1"].map(
    (text) => ["feature-dependencies", "-f", text],
  ),
];
