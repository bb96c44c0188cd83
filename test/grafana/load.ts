import { mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Behaviour, type BehaviourScript, type ReplayServer, startReplayServer } from '@chimera/ollama';
import { AnalysisCompleted, connectBus, type NatsBus, type ReportNotice, ReportPublished } from '@chimera/shared/bus';
import { jetstream } from '@nats-io/jetstream';
import { SERVICES, type ServiceName } from '../../packages/cli/src/services.ts';
import { type Supervised, supervise } from '../../packages/cli/src/supervisor.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { isRepair } from '../support/model-report.ts';
import { type NatsBinary, PATIENT_MS } from '../support/nats.ts';
import { type Recorder, recorder, until } from '../support/wait.ts';
import { type Exporter, fakeNvidiaSmi, startDcgm } from './gpus.ts';
import { startLimitedNats } from './limited-nats.ts';

const GUARD_MS = 60_000;
const MODEL = 'gemma3:latest';
const NAMES = Object.keys(SERVICES) as ServiceName[];

/** The four services as `chimera up` starts them, around a real NATS, with two servers that play models and everything that can be scraped. */
export type Load = {
  /** by job: where Prometheus finds it */
  targets: Record<string, string[]>;
  reports: Recorder<ReportNotice>;
  /** Drops files anew, and waits for a current report of what is there then. */
  drop(files: Record<string, string>): Promise<void>;
  /** A message that nobody can read, where the reporter listens. */
  poison(): Promise<void>;
  /** From now on no server answers. */
  failAll(): void;
  close(): Promise<void>;
};

/** Everything in `folder`; the caller removes it. */
export async function startLoad(binary: NatsBinary, folder: string): Promise<Load> {
  const closing: (() => Promise<unknown>)[] = [];
  const kept = async <T extends { close(): Promise<unknown> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    closing.unshift(() => one.close());
    return one;
  };
  const close = async () => {
    for (const end of closing) await end();
  };
  try {
    const [home, bucket] = [join(folder, 'home'), join(folder, 'bucket')];
    mkdirSync(bucket, { recursive: true });
    const nats = await kept(startLimitedNats(binary, join(folder, 'nats')));
    const [older, newer] = [await kept(startDcgm('older')), await kept(startDcgm('newer'))];
    const models = playedModels();
    const near = await kept(
      startReplayServer({ models: [MODEL], behaviour: models.near, rates: { tokensPerSecond: 600, promptMs: 10, loadMs: 30 } }),
    );
    const far = await kept(
      startReplayServer({ models: [MODEL], behaviour: models.far, rates: { tokensPerSecond: 400, promptMs: 20, loadMs: 30 } }),
    );
    const bus = await kept(connectBus({ url: nats.url, name: 'load', connectTimeoutMs: PATIENT_MS }));
    const reports = await hearReports(bus);
    const environment = {
      ...process.env,
      PATH: `${fakeNvidiaSmi(join(folder, 'tools'))}${delimiter}${process.env.PATH}`,
      CHIMERA_HOME: home,
      CHIMERA_BUCKET: bucket,
      CHIMERA_NATS_URL: nats.url,
      CHIMERA_MODEL: MODEL,
      CHIMERA_OLLAMA_URLS: serverList(near, far, older),
      CHIMERA_OLLAMA_PATIENCE: '3',
      CHIMERA_HTTP_PORT: '0',
      CHIMERA_SETTLE_SECONDS: '0.3',
      CHIMERA_SCAN_SECONDS: '0.2',
      CHIMERA_CUT_SECONDS: '0.3',
      CHIMERA_SWEEP_SECONDS: '0.5',
      CHIMERA_RECONCILE_SECONDS: '2',
    };
    const logs = join(folder, 'logs');
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const wrong = () => say('a service refuses its configuration');
    const services: Supervised[] = NAMES.map((name) =>
      supervise({ name, main: SERVICES[name].main, environment, logs, say, onWrongConfiguration: wrong }),
    );
    closing.unshift(() => Promise.all(services.map((service) => service.stop())));
    const targets: Record<string, string[]> = { 'dcgm-exporter': [older.address, newer.address] };
    for (const name of NAMES) {
      const at = await until(`the start of ${name}`, () => addressIn(join(logs, `${name}.log`)), GUARD_MS).catch((error: Error) => {
        throw new Error(`${error.message} ${said.join(' ')}`);
      });
      targets[name] = [at];
    }
    return {
      targets,
      reports,
      async drop(files) {
        const before = reports.all.length;
        layFiles(files, bucket);
        await until('a current report', () => reports.all.slice(before).some(({ status }) => status === 'current'), GUARD_MS);
      },
      async poison() {
        await jetstream(bus.connection).publish(AnalysisCompleted.subjects.replace('*', 'insight'), 'nobody can read this');
      },
      failAll: models.failAll,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One server is on this host, beside its nvidia-smi; of the other one's node an exporter tells. */
const serverList = (near: ReplayServer, far: ReplayServer, dcgm: Exporter) =>
  `${near.url}#slots=2,${far.url}#slots=1&dcgm=http://${dcgm.address}/metrics`;

async function hearReports(bus: NatsBus): Promise<Recorder<ReportNotice>> {
  const reports = recorder<ReportNotice>();
  void (async () => {
    for await (const message of bus.connection.subscribe(ReportPublished.subjects))
      reports.add(ReportPublished.schema.parse(message.json()));
  })();
  await bus.connection.flush();
  return reports;
}

/** Where a service serves, from its log; null while it does not say. */
function addressIn(log: string): string | null {
  const line = readFileSync(log, 'utf8')
    .split('\n')
    .find((text) => text.includes('"msg":"started"'));
  return line === undefined ? null : new URL((JSON.parse(line) as { url: string }).url).host;
}

const WELL: Behaviour = { kind: 'well-behaved' };
const LIES: Behaviour = { kind: 'lies' };
/** Only a call that loads tells all of the times from which the wait at the server follows. */
const LOADS: Behaviour = { kind: 'reload-thrash' };
/** A prompt that was cut: the server counts as many tokens as its context has. */
const CUT: Behaviour = {
  kind: 'recorded',
  answer: { text: 'It is so.', thinking: '', times: null, doneReason: 'stop', promptTokens: 4_096, outputTokens: 4 },
};

/**
 * Models that write well, and err now and then: sentences that are mended when their faults are named, and others that are not; prompts that
 * are cut; streams that break off.
 */
function playedModels(): { near: BehaviourScript; far: BehaviourScript; failAll(): void } {
  let failing = false;
  let repairs = 0;
  const script = (faults: readonly Behaviour[]): BehaviourScript => {
    let questions = 0;
    return (request) => {
      if (failing) return { kind: 'busy' };
      if (isRepair(request)) return repairs++ % 2 === 0 ? WELL : LIES;
      return faults[questions++ % faults.length] ?? WELL;
    };
  };
  return {
    // Its second question breaks off: the other server is asked from then on, for a while.
    near: script([LOADS, { kind: 'error-mid-stream' }, LIES, WELL, CUT, LIES, WELL, LIES]),
    far: script([LOADS, LIES, CUT, WELL, LIES, WELL]),
    failAll() {
      failing = true;
    },
  };
}

/**
 * The small dataset with a number of this round in it, and a file that nobody can read. Nothing else differs, so that what is said of the
 * list of artifacts is asked again in the same words.
 */
export function filesOfRound(round: number): Record<string, string> {
  const sweep = SMALL['runs/sweep.csv'] ?? '';
  return {
    ...SMALL,
    'runs/sweep.csv': sweep.replace('80.25', `${80 + round}.25`),
    'runs/cut.json': '{"results": [{"mean_time_ms": 1.',
  };
}
