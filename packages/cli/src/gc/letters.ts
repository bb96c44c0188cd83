import { letterSequences, NoDeadStream, type openDeadBox } from '@chimera/shared/bus';

type Box = Pick<Awaited<ReturnType<typeof openDeadBox>>, 'manager' | 'jetstream'>;

/** The dead letters that are old. */
export type OldLetters = {
  /** The sequences of those that were stored before (ms since 1970), oldest first. */
  before(time: number): Promise<number[]>;
  remove(sequence: number): Promise<void>;
};

const DEAD = 'chimera_dead';

export function oldLetters(box: Box): OldLetters {
  return {
    async before(time) {
      const { sequences } = await letterSequences(box, Number.POSITIVE_INFINITY).catch(noneWithoutStream);
      const old: number[] = [];
      for (const seq of sequences) {
        const message = await box.manager.streams.getMessage(DEAD, { seq });
        // Retried meanwhile.
        if (message === null) continue;
        if (message.time.getTime() >= time) break;
        old.push(seq);
      }
      return old;
    },
    async remove(sequence) {
      await box.manager.streams.deleteMessage(DEAD, sequence, false);
    },
  };
}

function noneWithoutStream(error: unknown): { sequences: number[] } {
  if (error instanceof NoDeadStream) return { sequences: [] };
  throw error;
}
