import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SERVICES, type ServiceName } from '../../packages/cli/src/services.ts';
import { type Nats, type NatsBinary, startNats } from './nats.ts';
import { until } from './wait.ts';

export type { ServiceName };
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** A process that ended: `meant` where a test had it end. */
export type Exit = { name: string; pid: number; code: number | null; signal: NodeJS.Signals | null; meant: boolean };

/** One line of a service's log. */
export type LogLine = { level: string; time: string; pid: number; msg: string } & Record<string, unknown>;

type Member = { name: string; service: ServiceName; child: ChildProcess | null; kept: boolean; meant: boolean; env: NodeJS.ProcessEnv };

/** Processes of the four services, any number of each, around one home, one bucket and a real nats-server of their own. */
export type Fleet = {
  folder: string;
  home: string;
  bucket: string;
  nats: Nats;
  exits: readonly Exit[];
  /** the names of the processes of a service, such as `ingest-1` */
  names(service: ServiceName): string[];
  /** Starts as many processes of each service as were asked for. */
  startAll(): void;
  /** Starts one more process; returns its name. */
  add(service: ServiceName, env?: NodeJS.ProcessEnv): string;
  /** null while it does not run */
  pid(name: string): number | null;
  /** SIGKILL; it is started again at once. False where it did not run just then. */
  kill(name: string): boolean;
  /** SIGSTOP or SIGCONT. */
  send(name: string, signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends a process for good; resolves once it is gone with its exit and how long that took. */
  retire(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit & { ms: number }>;
  /** What a process has logged so far, over all its lives. */
  log(name: string): LogLine[];
  /** All that was logged by all. */
  logs(): LogLine[];
  /** Waits until each process has said that it started. */
  started(): Promise<void>;
  /** Ends everything that was started here. */
  close(): Promise<void>;
};

export type FleetOptions = {
  binary: NatsBinary;
  /** how many processes of each service; default: one */
  count?: number;
  /** false: no service is started yet */
  start?: boolean;
  env?: NodeJS.ProcessEnv;
  /** a nats-server of the caller's, which the fleet closes with itself; else one is started */
  nats?: Nats;
};

/** Everything as quick as it may be, so that a test sees in seconds what takes minutes otherwise. */
const QUICK: NodeJS.ProcessEnv = {
  CHIMERA_MODEL: 'none',
  CHIMERA_HTTP_PORT: '0',
  CHIMERA_SETTLE_SECONDS: '0.3',
  CHIMERA_SCAN_SECONDS: '0.2',
  CHIMERA_CUT_SECONDS: '0.6',
  CHIMERA_LEASE_SECONDS: '2',
  CHIMERA_RECONCILE_SECONDS: '2',
  CHIMERA_SWEEP_SECONDS: '0.5',
};
// One that cannot start should not take all of the machine.
const PAUSE_AFTER_FAULT_MS = 250;
const GUARD_MS = 120_000;
const SAID_LINES = 25;

/** Starts NATS and the services. Whoever dies is started again at once, until the fleet is closed. */
export async function startFleet({ binary, count = 1, start = true, env = {}, nats: given }: FleetOptions): Promise<Fleet> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chimera-fleet-')));
  const [home, bucket, logs] = [join(folder, 'home'), join(folder, 'bucket'), join(folder, 'logs')];
  for (const each of [bucket, logs]) mkdirSync(each, { recursive: true });
  const nats = given ?? (await startNats(binary, { folder: join(folder, 'nats') }));
  const members = new Map<string, Member>();
  const exits: Exit[] = [];
  let closing = false;

  function run(member: Member): void {
    const out = openSync(join(logs, `${member.name}.log`), 'a');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SERVICES[member.service].main], {
      env: {
        ...process.env,
        ...QUICK,
        OLLAMA_HOST: 'http://127.0.0.1:9',
        CHIMERA_HOME: home,
        CHIMERA_BUCKET: bucket,
        CHIMERA_NATS_URL: nats.url,
        // It ends with our end of its standard input: however a test ends, nobody is left behind.
        CHIMERA_END_WITH_STDIN: '1',
        ...env,
        ...member.env,
      },
      stdio: ['pipe', out, out],
    });
    closeSync(out);
    child.stdin?.on('error', () => undefined);
    member.child = child;
    member.meant = false;
    child.once('exit', (code, signal) => {
      exits.push({ name: member.name, pid: child.pid ?? 0, code, signal, meant: member.meant });
      member.child = null;
      if (!member.kept || closing) return;
      if (member.meant) run(member);
      else setTimeout(() => !closing && member.kept && run(member), PAUSE_AFTER_FAULT_MS);
    });
  }

  const of = (name: string): Member => {
    const member = members.get(name);
    if (member === undefined) throw new Error(`There is no process ${name} in this fleet.`);
    return member;
  };
  const log = (name: string): LogLine[] => {
    const path = join(logs, `${name}.log`);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(lineOf) : [];
  };

  const fleet: Fleet = {
    folder,
    home,
    bucket,
    nats,
    exits,
    names: (service) => [...members.values()].filter((m) => m.service === service && m.kept).map((m) => m.name),
    startAll() {
      for (const service of SERVICE_NAMES) for (let i = 0; i < count; i++) fleet.add(service);
    },
    add(service, own = {}) {
      const name = `${service}-${[...members.values()].filter((m) => m.service === service).length + 1}`;
      const member: Member = { name, service, child: null, kept: true, meant: false, env: own };
      members.set(name, member);
      run(member);
      return name;
    },
    pid: (name) => of(name).child?.pid ?? null,
    kill(name) {
      const member = of(name);
      if (member.child === null || member.meant) return false;
      member.meant = true;
      return member.child.kill('SIGKILL');
    },
    send(name, signal) {
      of(name).child?.kill(signal);
    },
    async retire(name, signal) {
      const member = of(name);
      const { child } = member;
      if (child === null) throw new Error(`${name} does not run, so it cannot be told to end.`);
      member.kept = false;
      member.meant = true;
      const asked = performance.now();
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill(signal);
      await gone;
      return { name, pid: child.pid ?? 0, code: child.exitCode, signal: child.signalCode, meant: true, ms: performance.now() - asked };
    },
    log,
    logs: () => [...members.keys()].flatMap(log),
    started: async () => {
      const running = () => [...members.values()].filter((m) => m.kept);
      await until(
        'the start of all services',
        () => running().every((m) => log(m.name).some(({ msg, pid }) => msg === 'started' && pid === m.child?.pid)),
        GUARD_MS,
      );
    },
    async close() {
      closing = true;
      const running = [...members.values()].flatMap(({ child }) => child ?? []);
      const gone = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of running) child.kill('SIGKILL');
      await Promise.all(gone);
      await nats.close();
    },
  };
  if (start) fleet.startAll();
  return fleet;
}

/**
 * Runs a test's body with a fleet, and ends the fleet however the body ends. Of one that failed the last words of
 * each process become part of the fault, and its folder stays.
 */
export async function withFleet(options: FleetOptions, body: (fleet: Fleet) => Promise<void>): Promise<void> {
  const fleet = await startFleet(options);
  let failed = true;
  try {
    await body(fleet);
    failed = false;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${lastWords(fleet)}`, { cause: error });
  } finally {
    await fleet.close();
    if (!failed) rmSync(fleet.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function lastWords({ folder }: Fleet): string {
  const logs = join(folder, 'logs');
  const said = readdirSync(logs).map((file) => {
    const lines = readFileSync(join(logs, file), 'utf8').trim().split('\n').slice(-SAID_LINES);
    return `--- ${basename(file)}\n${lines.map((line) => line.slice(0, 400)).join('\n')}`;
  });
  return `Everything is kept in ${folder}. The last lines of each log:\n${said.join('\n')}`;
}

function lineOf(text: string): LogLine[] {
  try {
    return [JSON.parse(text) as LogLine];
  } catch {
    // What the runtime itself says of a crash is no JSON.
    return text.trim() === '' ? [] : [{ level: 'raw', time: '', pid: 0, msg: text }];
  }
}
