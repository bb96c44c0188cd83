import { DiscardPolicy, JetStreamApiError, type JetStreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { NotThereYet } from './access/missing.ts';
import { EVERY_RIGHT, type Rights } from './access/rights.ts';
import { streamCreate, streamInfo } from './access/subjects.ts';
import type { StreamName } from './contract.ts';
import { CONTRACTS } from './contracts.ts';
import { mayMend, swallows, type Tell } from './stream-damage.ts';

const NANOS_PER_SECOND = 1_000_000_000;
const DAY = 86_400;

/** `hints`: whoever misses what it held asks for it again, so a damaged one may be emptied. */
type StreamSettings = { retention: RetentionPolicy; maxAgeSeconds: number; duplicateWindowSeconds: number; hints: boolean };

/**
 * How the streams are kept. Events are kept by limits, because with interest retention a message published
 * before its consumer exists is lost. The duplicate window is longer than the longest retry.
 */
const STREAMS: Record<StreamName, StreamSettings> = {
  chimera_events: { retention: RetentionPolicy.Limits, maxAgeSeconds: 7 * DAY, duplicateWindowSeconds: 600, hints: true },
  chimera_work: { retention: RetentionPolicy.Workqueue, maxAgeSeconds: 0, duplicateWindowSeconds: 600, hints: true },
  chimera_dead: { retention: RetentionPolicy.Limits, maxAgeSeconds: 90 * DAY, duplicateWindowSeconds: 600, hints: false },
};

export class StreamMismatch extends Error {
  override name = 'StreamMismatch';
}

/**
 * Makes sure that every stream is there with the settings of the table; run again after every reconnect, because
 * a server may come back empty. Throws StreamMismatch when the server echoes other settings than were asked:
 * older servers drop what they do not know without an error. Whoever may not make streams only looks whether those
 * that it may see are there, and NotThereYet is thrown where one is not. A stream that swallows what is put into it is
 * emptied; of the dead letters it is only told, because nobody has them a second time.
 */
export async function assertStreams(manager: JetStreamManager, rights: Rights = EVERY_RIGHT, tell: Tell = () => {}): Promise<void> {
  for (const [name, settings] of Object.entries(STREAMS)) {
    if (!rights.mayPublish(streamCreate(name))) {
      if (rights.mayPublish(streamInfo(name)) && !(await isThere(manager, name))) throw new NotThereYet(`Stream ${name}`);
      continue;
    }
    const wanted = {
      name,
      subjects: CONTRACTS.filter((c) => c.stream === name).map((c) => c.subjects),
      retention: settings.retention,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      max_age: settings.maxAgeSeconds * NANOS_PER_SECOND,
      duplicate_window: settings.duplicateWindowSeconds * NANOS_PER_SECOND,
    };
    const { config } = await addOrUpdate(manager, wanted);
    for (const key of ['retention', 'storage', 'max_age', 'duplicate_window'] as const) {
      if (config[key] !== wanted[key]) {
        throw new StreamMismatch(
          `Stream ${name} has ${key} ${String(config[key])} where ${String(wanted[key])} was asked for: another program made it, or the server is too old; remove it with "nats stream rm ${name}" or use another server.`,
        );
      }
    }
    if (config.subjects.join() !== wanted.subjects.join())
      throw new StreamMismatch(`Stream ${name} covers ${config.subjects.join(', ')} where ${wanted.subjects.join(', ')} was asked for.`);
    if (mayMend(rights, name) && (await swallows(manager, name))) {
      const what = `Stream ${name} does not give back what is put into it: a file of the nats-server is damaged`;
      if (settings.hints) {
        tell(`${what}. It is emptied; what it held is asked for again.`);
        await manager.streams.purge(name);
      } else
        tell(
          `${what}, and letters of what is given up are lost. See with "chimera dead list" which can be read, then empty it with "nats stream purge ${name}".`,
        );
    }
  }
}

/** Whether the server holds a stream. */
export async function isThere(manager: JetStreamManager, stream: string): Promise<boolean> {
  try {
    await manager.streams.info(stream);
    return true;
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error;
    return false;
  }
}

async function addOrUpdate(manager: JetStreamManager, wanted: Parameters<JetStreamManager['streams']['add']>[0] & { name: string }) {
  if (!(await isThere(manager, wanted.name))) return manager.streams.add(wanted);
  try {
    return await manager.streams.update(wanted.name, wanted);
  } catch (error) {
    // The server refuses to change what a stream is; that it is another one is said by what it is now.
    if (error instanceof JetStreamApiError) return manager.streams.info(wanted.name);
    throw error;
  }
}
