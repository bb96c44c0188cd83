import { foldGpuUse } from './fold.ts';
import { notRefreshed } from './fresh.ts';
import type { GpuUse } from './gpu-use.ts';
import { ask, atMost, type Question, whyFailed } from './question.ts';
import type { GpuProbe, GpuSample } from './reading.ts';

/** Samples the GPUs of one node while calls are watched. */
export interface GpuSampler {
  readonly node: string;
  /** Starts watching a call. `end` never rejects and takes at most `timeoutMs`; it gives null where nothing was measured. */
  watch(): { end(): Promise<GpuUse | null> };
  /** why the last sample failed, or told nothing, as a sentence; null where it did not */
  fault(): string | null;
  /** ends everything that is under way; what is still watched ends with the samples it has */
  close(): Promise<void>;
}

export interface SamplerOptions {
  /** time from the beginning of a sample to the next, in milliseconds; a sample that takes longer delays it */
  everyMs: number;
  /** how long a sample, the end of a watch, or the closing may take, in milliseconds */
  timeoutMs: number;
  /** a clock that never goes back, in milliseconds; the process's own by default */
  monotonicMs?: () => number;
}

interface UnderWay extends Pick<Question, 'gone' | 'stop'> {
  /** nobody waits for it any more */
  abandoned: boolean;
}

interface Watch {
  fromMs: number;
  samples: GpuSample[];
}

/**
 * A sampler over one stream of samples, shared by all calls watched at once: at most one question is under way, and none while
 * nothing is watched. Throws RangeError for times that no timer can hold.
 */
export function createSampler(probe: GpuProbe, options: SamplerOptions): GpuSampler {
  checkTimes(options);
  const { everyMs, timeoutMs, monotonicMs: now = () => performance.now() } = options;
  const watches = new Set<Watch>();
  let question: UnderWay | null = null;
  let next: Promise<void> | null = null;
  let ticks: NodeJS.Timeout | undefined;
  let fault: string | null = null;
  let closed = false;

  /** Takes a sample that begins now, or as soon as the one under way is gone. Never rejects. */
  function sample(): Promise<void> {
    if (question === null) return takeSample();
    next ??= question.gone.then(() => {
      next = null;
      return watches.size === 0 || closed ? undefined : sample();
    });
    return next;
  }

  async function takeSample(): Promise<void> {
    const askedMs = now();
    const { answer, gone, stop } = ask(probe, timeoutMs);
    const forget = (): void => {
      question = null;
    };
    const mine: UnderWay = { abandoned: false, stop, gone: gone.then(forget) };
    question = mine;
    try {
      const gpus = await answer;
      fault = null;
      const taken = { atMs: (askedMs + now()) / 2, gpus };
      for (const watch of watches) watch.samples.push(taken);
    } catch (error) {
      if (!mine.abandoned) fault = whyFailed(probe, error);
    }
  }

  function tick(): void {
    if (question === null && next === null) void sample();
  }

  async function end(watch: Watch): Promise<GpuUse | null> {
    const toMs = now();
    if (!closed) await atMost(sample(), timeoutMs);
    watches.delete(watch);
    if (watches.size === 0) rest();
    const use = foldGpuUse(probe, { fromMs: watch.fromMs, toMs }, watch.samples);
    if (use === null && watch.samples.length > 0) fault = notRefreshed(probe.name);
    return use;
  }

  function rest(): void {
    clearInterval(ticks);
    ticks = undefined;
    if (question === null) return;
    question.abandoned = true;
    question.stop();
  }

  return {
    node: probe.node,
    watch() {
      const watch: Watch = { fromMs: now(), samples: [] };
      let ended: Promise<GpuUse | null> | undefined;
      if (closed) {
        fault = `The GPUs of ${probe.node} are not sampled any more: the sampler is closed.`;
      } else {
        watches.add(watch);
        ticks ??= setInterval(tick, everyMs).unref(); // sampling alone keeps no process alive
        if (question === null || question.abandoned) void sample(); // else the one under way will do
      }
      return {
        end() {
          ended ??= end(watch);
          return ended;
        },
      };
    },
    fault: () => fault,
    async close() {
      closed = true;
      rest();
      if (question !== null) await atMost(question.gone, timeoutMs);
      await probe.close();
    },
  };
}

function checkTimes(options: SamplerOptions): void {
  for (const name of ['everyMs', 'timeoutMs'] as const) {
    const value = options[name];
    if (!(value > 0 && value < 2 ** 31)) {
      throw new RangeError(`The GPU sampler's ${name} is ${value}: it must be a number of milliseconds above 0 and below 2147483648.`);
    }
  }
}
