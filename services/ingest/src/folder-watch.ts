import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createCanary } from './canary.ts';
import { rest } from './condition.ts';
import { type OpenWatch, openDirectoryWatch } from './directory-watch.ts';
import { beginWatch, type LiveWatch } from './live-watch.ts';
import { findForeignMount } from './mounts.ts';
import { CanaryFault, WatchFault, watchFaultSentence } from './watch-fault.ts';

export type WatchState = {
  mode: 'events' | 'polling';
  /** a sentence or two: why events are not relied upon; null when they are */
  reason: string | null;
};

export type FolderWatch = {
  state(): WatchState;
  /** Ends the watch and removes its file from the bucket. Idempotent; nothing is called back once it is called. */
  stop(): Promise<void>;
};

export type WatchFolderOptions = {
  /** the bucket; exists */
  root: string;
  /** Something may have changed: look now. May be called often; a hint during a look asks for another look. Must not throw. */
  onHint: () => void;
  /** Called at the first decision, and whenever mode or reason change. Must not throw. */
  onState: (state: WatchState) => void;
  /** how often it is tried whether events come, in milliseconds */
  canaryEveryMs?: number;
  /** how long an event may take, in milliseconds */
  canaryAnswerMs?: number;
  /** what watches; tests hand in one that is deaf */
  openWatch?: OpenWatch;
};

// Longer than the folders of any sensible bucket take to be watched; it goes on meanwhile.
const BEGIN_MS = 30_000;

/**
 * Gives hints that something below a folder changed. They are hints: some come for nothing, and in mode `polling` some
 * may not come. Resolves when it is known whether events come; never rejects because of watching.
 */
export async function watchFolder(options: WatchFolderOptions): Promise<FolderWatch> {
  const { canaryEveryMs = 30_000, canaryAnswerMs = 5_000, openWatch = openDirectoryWatch } = options;
  const root = resolve(options.root);
  const stopping = new AbortController();
  const { signal } = stopping;
  const canary = createCanary(root);
  let state = polling('It is not known yet whether events come.');
  let live: { watch: LiveWatch; identity: string } | null = null;
  let closing: Promise<void> = Promise.resolve();
  let closeFault: unknown = null;
  let isTold = false;

  function hint(): void {
    if (!signal.aborted) options.onHint();
  }

  function tell(next: WatchState): void {
    if (signal.aborted || (isTold && next.mode === state.mode && next.reason === state.reason)) return;
    isTold = true;
    state = next;
    options.onState(next);
    hint();
  }

  /** Ends the present watch, if there is one. Never rejects. */
  function drop(): Promise<void> {
    const old = live?.watch;
    live = null;
    closing = closing
      .then(() => old?.close())
      .catch((error: unknown) => {
        closeFault = error;
      });
    return closing;
  }

  async function fail(error: unknown): Promise<void> {
    tell(polling(watchFaultSentence(root, error)));
    // A watch whose canary cannot be written may be a good one: its hints are welcome.
    if (!(error instanceof CanaryFault)) await drop();
  }

  /** Finds out whether events come, and begins a watch where there is none. Throws why there is to be a new one next time. */
  async function decide(): Promise<WatchState> {
    // Before anything else: a mount whose server is away answers nothing at all.
    const foreign = (await findForeignMount(root)) ?? (await findForeignMount(await realpath(root)));
    if (foreign !== null) {
      await drop();
      return polling(
        `${foreign.folder} is mounted as ${foreign.type}; such mounts do not report what others change in them, so ${root} is looked at again and again.`,
      );
    }
    const folder = await realpath(root);
    const identity = await identityOf(folder);
    if (live?.identity !== identity) await drop();
    live ??= { watch: beginWatch({ folder, openWatch, signal, onHint: hint, onFault: (error) => void fail(error) }), identity };
    const { watch } = live;
    if (!(await watch.begun(BEGIN_MS))) return polling(`Not all folders in ${root} are watched after ${BEGIN_MS / 1_000} s; it goes on.`);
    const isAnswered = await watch.answers(canary, canaryAnswerMs);
    if ((await identityOf(root)) !== identity) throw new WatchFault(`${root} was replaced while it was tried whether events come.`);
    if (!isAnswered && !signal.aborted)
      throw new WatchFault(
        `No event came within ${canaryAnswerMs / 1_000} s for a file that was written to ${root}: its mount does not report changes, as those of networks and containers often do not.`,
      );
    return { mode: 'events', reason: null };
  }

  async function round(): Promise<void> {
    const before = { live, state };
    await decide().then(tell, fail);
    // What happened before a new watch began caused no event; one more look finds it.
    if (live !== before.live && state === before.state) hint();
  }

  async function run(onDecided: () => void): Promise<void> {
    while (!signal.aborted) {
      await round();
      onDecided();
      await rest(canaryEveryMs, signal);
    }
  }

  async function end(): Promise<void> {
    stopping.abort();
    await loop;
    await drop();
    await canary.remove();
    if (closeFault !== null) throw closeFault;
  }

  const first = Promise.withResolvers<void>();
  const loop = run(first.resolve);
  let ended: Promise<void> | null = null;
  await Promise.race([first.promise, loop]);
  return {
    state: () => state,
    stop() {
      ended ??= end();
      return ended;
    },
  };
}

function polling(reason: string): WatchState {
  return { mode: 'polling', reason };
}

/** Differs between two folders of one name, also where another mount came to lie over the first. */
async function identityOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return `${dev}:${ino}`;
}
