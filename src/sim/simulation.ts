/**
 * One seed: a node, its clients, everything that can go wrong, and then the proof: first safety while faults come,
 * then the world heals and progress is owed, then all that was promised is read back, also after one more power cut.
 */
import { SimAdmin } from "./admin.ts";
import { Auditor } from "./auditor.ts";
import { Damage } from "./damage.ts";
import { DiskWeather } from "./disk-faults.ts";
import { Faults } from "./faults.ts";
import { checkImages } from "./image-check.ts";
import { Network } from "./network.ts";
import { SimNode } from "./node.ts";
import { Operator } from "./operator.ts";
import { drawPlan, type FaultKind, type Plan } from "./plan.ts";
import { Clients, type RunOptions, type RunResult, readAll, runWorld, verifyFiles, within } from "./run.ts";
import { Scenario } from "./scenario.ts";
import type { World } from "./world.ts";

export function runSeed(options: RunOptions<FaultKind>): RunResult<FaultKind> {
  const plan = drawPlan(options.seed, options.without);
  return runWorld(options, plan.faults.keys(), (world) => {
    const simulation = new Simulation(world, plan);
    simulation.run();
    return simulation.scenario.counts;
  });
}

class Simulation {
  readonly scenario: Scenario;
  private readonly world: World;
  private readonly plan: Plan;
  private readonly operator = new Operator();
  private readonly faults: Faults;
  private readonly auditor: Auditor;
  private readonly admin: SimAdmin;
  private readonly clients: Clients;

  constructor(world: World, plan: Plan) {
    this.world = world;
    this.plan = plan;
    const { operator } = this;
    const network = new Network(world, plan.network);
    const options = { host: "10.0.0.1", disk: plan.disk, overrides: plan.settings };
    const node = new SimNode(world, network, options, operator);
    const scenario = new Scenario(world, network, node, plan);
    const weather = new DiskWeather(world, world.dice("weather"));
    node.disk.faults = weather;
    this.scenario = scenario;
    operator.attach(scenario, weather);
    this.admin = new SimAdmin(scenario);
    this.clients = new Clients(scenario);
    const damage = new Damage(world, node.disk);
    this.auditor = new Auditor(world, node, damage.directories);
    scenario.onDiskLost(() => this.auditor.diskLost());
    const { mortals } = this.clients;
    this.faults = new Faults({ scenario, faults: plan.faults, operator, weather, damage, mortals });
  }

  run(): void {
    const { world, scenario, plan, clients } = this;
    this.operator.start();
    this.admin.start();
    clients.start();
    this.faults.start();
    this.auditor.start();
    world.run(plan.faultsMs);
    if (world.violation !== null) return;
    world.note("the world heals");
    this.faults.heal();
    this.operator.start();
    within(world, "the node serves again", () => scenario.node.isUp && scenario.node.current?.disk.failures === 0);
    within(world, "topics exist", () => this.admin.isDone);
    within(world, "G6 groups become stable", () => clients.areStable);
    scenario.windingDown = true;
    within(world, "every producer comes to an end", () => clients.areIdle);
    this.prove();
  }

  /** Everything is read back; then once more after the node has ended, cleanly or not. */
  private prove(): void {
    const { world, scenario, operator, plan } = this;
    readAll(scenario, "checker");
    if (world.violation !== null) return;
    if (plan.endsCleanly) operator.stopForGood();
    else operator.crash("power");
    within(world, "the node has ended", () => scenario.node.current === null);
    if (plan.endsCleanly) this.verifyAndStart();
    within(world, "the node serves again", () => scenario.node.isUp);
    readAll(scenario, "checker after the end");
  }

  private verifyAndStart(): void {
    const { world, scenario, operator, plan } = this;
    // Flipped bits of an index are wrong, and verify would say so.
    if (!plan.faults.has("indexFlip")) verifyFiles(world, scenario.node.disk);
    checkImages(world, scenario.node.disk);
    operator.start();
  }
}
