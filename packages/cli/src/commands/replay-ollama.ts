import { readFile } from 'node:fs/promises';
import {
  type BehaviourScript,
  FAULTS,
  InvalidScript,
  NoRecording,
  type Otherwise,
  type Rates,
  type Recording,
  type ReplayServer,
  type ReplayServerConfig,
  readRecordings,
  recordedScript,
  ruleScript,
  scriptRules,
  startReplayServer,
} from '@chimera/ollama';
import { Command } from 'commander';
import { stopSignal } from '../interrupt.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

type ReplayOptions = {
  port: string;
  host: string;
  model?: string[];
  rates?: string;
  load?: string;
  prompt?: string;
  speed?: string;
  parallel?: string;
  behaviour?: string;
  jitter?: string;
  faultShare?: string;
  seed?: string;
  script?: string;
  recordings?: string;
  otherwise?: string;
};

const BEHAVIOURS = ['well-behaved', 'busy-for', ...FAULTS] as const;

/** `chimera replay-ollama`: an Ollama server without a model, for tests, benchmarks and demonstrations. */
export function replayOllamaCommand(): Command {
  return new Command('replay-ollama')
    .description(
      'Runs a server that speaks the protocol of Ollama and has no model: it answers by script, or what was recorded. Prints its URL.',
    )
    .option('--port <n>', 'where it listens; 0: a free port', '0')
    .option('--host <host>', 'the address it listens at', '127.0.0.1')
    .option('--model <name...>', 'models it claims to have (default: those of the recordings, else gemma3:latest)')
    .option('--rates <list>', 'tokens per second of each call: with one at work, with two, … (98,41)')
    .option('--load <seconds>', 'how long a model takes to load')
    .option('--prompt <seconds>', 'how long a prompt takes')
    .option('--jitter <share>', 'by what share of its time, from 0 to below 1, a call is faster or slower than that, and says so')
    .option('--speed <x>', 'how many times as fast it is as it says; what it reports stays the same')
    .option('--parallel <n>', 'calls of a model worked at at once; the others wait (default: as many as there are rates, else 1)')
    .option('--behaviour <kind>', `how every call is answered: ${BEHAVIOURS.join(', ')}`)
    .option('--fault-share <x>', 'the share of calls, from 0 to 1, that meet a fault')
    .option('--seed <n>', 'which calls those are, and which are faster or slower by how much (default: 1)')
    .option('--script <file>', 'rules (JSON) for single calls, before everything else')
    .option('--recordings <dir>', "recorded calls to answer from: a report's transcripts/, or files of recorded calls")
    .option('--otherwise <what>', 'what a call gets that nobody recorded: well-behaved, in-turn or 404 (default: well-behaved)')
    .action(replay);
}

async function replay(options: ReplayOptions): Promise<void> {
  const config = await configOf(options);
  const { signal, release } = stopSignal();
  try {
    const server = await listening(config);
    process.stdout.write(`${server.url}\n`);
    process.stderr.write(
      'chimera: this is the replay server and no model: it answers by script, and says so in its version and in the header x-chimera-replay; Ctrl-C stops\n',
    );
    await stopped(signal);
    await server.close();
  } finally {
    release();
  }
}

async function configOf(options: ReplayOptions): Promise<ReplayServerConfig> {
  const rates = ratesOf(options);
  const port = numberIn('--port', options.port, { least: 0, most: 65_535, whole: true, what: 'a port from 0 (a free one) to 65535' });
  const speed = numberIn('--speed', options.speed ?? '1', { ...ABOVE_ZERO, what: 'a number above 0' });
  const given = numberIn('--parallel', options.parallel, { least: 1, whole: true, what: 'a whole number from 1 on' });
  const seed = seedOf(options);
  const share = jitterOf(options);
  const plain = plainBehaviour(options, seed);
  const recordings = await recordingsOf(options);
  const recorded = recordings && recordedScript(recordings, otherwiseOf(options));
  const ofRecordings = [...new Set(recordings?.map(({ model }) => model).filter((model) => model !== ''))];
  const listed = Array.isArray(rates.tokensPerSecond) ? rates.tokensPerSecond.length : 1;
  return {
    port,
    host: options.host,
    models: options.model ?? (ofRecordings.length > 0 ? ofRecordings : undefined),
    behaviour: await scripted(options, recorded ?? plain),
    rates,
    jitter: { share, seed },
    speed,
    parallel: given ?? listed,
  };
}

function ratesOf({ rates, load, prompt }: ReplayOptions): Rates {
  const listed = rates?.split(',').map((each) => numberIn('--rates', each, { ...ABOVE_ZERO, what: 'tokens per second, such as 98,41' }));
  const seconds = { least: 0, what: 'a number of seconds from 0 on' };
  const [loadSeconds, promptSeconds] = [numberIn('--load', load, seconds), numberIn('--prompt', prompt, seconds)];
  return {
    ...(listed === undefined ? {} : { tokensPerSecond: listed }),
    ...(loadSeconds === undefined ? {} : { loadMs: loadSeconds * 1_000 }),
    ...(promptSeconds === undefined ? {} : { promptMs: promptSeconds * 1_000 }),
  };
}

function seedOf({ seed, faultShare, jitter }: ReplayOptions): number {
  if (seed !== undefined && faultShare === undefined && jitter === undefined)
    throw new UsageError(
      '--seed says which calls meet a fault, or are faster or slower: give their share with --fault-share, or --jitter.',
    );
  return numberIn('--seed', seed ?? '1', { least: 0, most: 2 ** 31 - 1, whole: true, what: 'a whole number from 0 on' });
}

function jitterOf({ jitter, rates, load, prompt, script }: ReplayOptions): number {
  const share = numberIn('--jitter', jitter ?? '0', {
    least: 0,
    most: 1 - Number.EPSILON,
    what: 'a share from 0 to below 1, such as 0.05',
  });
  if (jitter !== undefined && [rates, load, prompt, script].every((each) => each === undefined))
    throw new UsageError('--jitter says how far calls are off their rates: give some with --rates, --load, --prompt or a --script.');
  return share;
}

function plainBehaviour({ behaviour, faultShare, recordings }: ReplayOptions, seed: number): BehaviourScript {
  const exclusive = Object.entries({ '--behaviour': behaviour, '--fault-share': faultShare, '--recordings': recordings });
  const [one, other] = exclusive.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (one !== undefined && other !== undefined)
    throw new UsageError(`${one} and ${other} exclude each other: rules for single calls go into a file for --script.`);
  if (faultShare !== undefined) {
    const share = numberIn('--fault-share', faultShare, { least: 0, most: 1, what: 'a number from 0 to 1' });
    return { kind: 'mixed', share, seed };
  }
  const kind = BEHAVIOURS.find((each) => each === (behaviour ?? 'well-behaved'));
  if (kind === undefined) throw new UsageError(`--behaviour ${behaviour} is not known. There are: ${BEHAVIOURS.join(', ')}.`);
  return { kind };
}

async function recordingsOf({ recordings, otherwise }: ReplayOptions): Promise<Recording[] | undefined> {
  if (recordings === undefined && otherwise !== undefined)
    throw new UsageError('--otherwise says what a call gets that nobody recorded: give the recordings with --recordings.');
  if (recordings === undefined) return undefined;
  try {
    return await readRecordings(recordings);
  } catch (error) {
    throw error instanceof NoRecording ? new UsageError(error.message) : error;
  }
}

function otherwiseOf({ otherwise }: ReplayOptions): Otherwise {
  if (otherwise === undefined || otherwise === 'well-behaved' || otherwise === 'in-turn') return otherwise ?? 'well-behaved';
  if (otherwise === '404') return 404;
  throw new UsageError(`--otherwise ${otherwise} is not known. There are: well-behaved, in-turn, 404.`);
}

/** The rules of the script file before `otherwise`. */
async function scripted({ script }: ReplayOptions, otherwise: BehaviourScript): Promise<BehaviourScript> {
  if (script === undefined) return otherwise;
  const text = await readFile(script, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--script ${script} cannot be read (${reason(error)}).`);
  });
  try {
    return ruleScript(scriptRules(text, script), otherwise);
  } catch (error) {
    throw error instanceof InvalidScript ? new UsageError(error.message) : error;
  }
}

type Bounds = { least: number; most?: number; whole?: boolean; what: string };
const ABOVE_ZERO = { least: Number.MIN_VALUE };

/** The number that an option gives; undefined where it is not given. Throws UsageError that says what it must be. */
function numberIn(flag: string, text: string, bounds: Bounds): number;
function numberIn(flag: string, text: string | undefined, bounds: Bounds): number | undefined;
function numberIn(
  flag: string,
  text: string | undefined,
  { least, most = Number.MAX_VALUE, whole = false, what }: Bounds,
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`${flag} ${text} makes no sense: give ${what}.`);
}

async function listening(config: ReplayServerConfig): Promise<ReplayServer> {
  try {
    return await startReplayServer(config);
  } catch (error) {
    throw new CommandFailed(
      `Port ${config.port} at ${config.host} cannot be had (${reason(error)}): choose another one with --port (0: a free one), or another address with --host.`,
      { cause: error },
    );
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
