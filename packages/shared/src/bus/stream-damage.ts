import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import type { Rights } from './access/rights.ts';
import { messageGet, streamPurge } from './access/subjects.ts';

/** Each look is two requests, between which the last message may be handled. */
const LOOKS = 3;

/** Told in a sentence of what was found damaged, and what is done about it. */
export type Tell = (sentence: string) => void;

/**
 * True where a stream counts its last message as there and does not give it back: a server that found a block of messages damaged may
 * go on confirming messages that it never delivers to anybody (2.9.10, also after it was started once more). Emptying the stream ends
 * that. Removing it would too; but several processes that remove and make one stream at once can leave 2.9.10 with a stream without
 * its folder, or crash it.
 */
export async function swallows(manager: JetStreamManager, stream: string): Promise<boolean> {
  for (let look = 1; look <= LOOKS; look++) {
    const { state } = await manager.streams.info(stream, { deleted_details: true });
    if (state.messages === 0 || state.deleted?.includes(state.last_seq)) return false;
    if (await canBeRead(manager, stream, state.last_seq)) return false;
  }
  return true;
}

async function canBeRead(manager: JetStreamManager, stream: string, seq: number): Promise<boolean> {
  try {
    return (await manager.streams.getMessage(stream, { seq })) !== null;
  } catch (error) {
    // The server's own words for what it cannot read have no code of their own.
    if (error instanceof JetStreamApiError && error.code !== JetStreamApiCodes.StreamNotFound) return false;
    throw error;
  }
}

/** Whether a user may find out that a stream swallows messages, and end it. */
export const mayMend = (rights: Rights, stream: string): boolean =>
  rights.mayPublish(messageGet(stream)) && rights.mayPublish(streamPurge(stream));
