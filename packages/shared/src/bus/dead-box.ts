import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type PubAck,
  type StoredMsg,
} from '@nats-io/jetstream';
import { headers, RequestError } from '@nats-io/transport-node';
import { CONTRACTS, type DeadLetter, DeadLettered } from './contracts.ts';
import { type DialOptions, dial, withoutPassword } from './dial.ts';

/** What is needed of a connection to read dead letters and to send them again; a `Bus` has it. */
export type DeadBox = { manager: JetStreamManager; jetstream: JetStreamClient };

/** `sequence`: the letter's own in the dead stream, by which it is named; that of the message it holds is `letter.sequence`. */
type Stored = { sequence: number; storedAt: string };
export type StoredLetter = Stored & { letter: DeadLetter };
/** A letter without its data, of which `bytes` says how much there is; or why what lies there is no letter. */
export type LetterHead = Stored & ({ letter: Omit<DeadLetter, 'data'>; bytes: number } | { letter: null; fault: string });
/** Where a letter's message now lies. `doubt`: why it may well die again, where that was no hindrance. */
export type Retried = { stream: string; subject: string; sequence: number; doubt: string | null };

/** The server holds no dead stream: nothing of Chimera's was ever connected to it. */
export class NoDeadStream extends Error {
  override name = 'NoDeadStream';
}

/** Why a letter cannot be shown or retried. Where its message was not surely published again, the letter is still there. */
export class LetterFault extends Error {
  override name = 'LetterFault';
  readonly why: 'absent' | 'unreadable' | 'cut' | 'foreign' | 'unparsable' | 'duplicate' | 'unconfirmed' | 'not_removed';
  constructor(why: LetterFault['why'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

const { stream: DEAD } = DeadLettered;
// A letter takes up to a megabyte on the wire.
const READ_AT_ONCE = 8;

/** Connects without asserting anything: looking at a server changes nothing on it. Throws an error that names the server and the next step. */
export async function openDeadBox(options: DialOptions): Promise<DeadBox & { close(): Promise<void> }> {
  const connection = await dial(options);
  try {
    return { manager: await jetstreamManager(connection), jetstream: jetstream(connection), close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw new Error(
      `The nats-server at ${withoutPassword(options.url)} offers no JetStream (${textOf(error)}). Start it with "nats-server -js", or name another with CHIMERA_NATS_URL.`,
      { cause: error },
    );
  }
}

/** The sequences of the newest `limit` letters, oldest first, and how many letters there are. Throws NoDeadStream. */
export async function letterSequences({ manager }: DeadBox, limit: number): Promise<{ total: number; sequences: number[] }> {
  const { state } = await manager.streams.info(DEAD, { deleted_details: true }).catch(asNoStream);
  const gone = new Set(state.deleted ?? []);
  const sequences: number[] = [];
  for (let seq = state.last_seq; seq >= state.first_seq && seq > 0 && sequences.length < limit; seq--)
    if (!gone.has(seq)) sequences.push(seq);
  return { total: state.messages, sequences: sequences.reverse() };
}

/** The newest `limit` letters, oldest first, and how many there are. One that goes meanwhile is left out. Throws NoDeadStream. */
export async function listLetters(box: DeadBox, limit: number): Promise<{ total: number; letters: LetterHead[] }> {
  const { total, sequences } = await letterSequences(box, limit);
  const letters: LetterHead[] = [];
  for (let from = 0; from < sequences.length; from += READ_AT_ONCE) {
    const some = sequences.slice(from, from + READ_AT_ONCE);
    const messages = await Promise.all(some.map((seq) => box.manager.streams.getMessage(DEAD, { seq }).catch(asNoStream)));
    letters.push(...messages.filter((message) => message !== null).map(headOf));
  }
  return { total, letters };
}

/** One letter with its data. Throws LetterFault (absent, unreadable) and NoDeadStream. */
export async function letter({ manager }: DeadBox, sequence: number): Promise<StoredLetter> {
  const message = await manager.streams.getMessage(DEAD, { seq: sequence }).catch(asNoStream);
  if (message === null) throw absentLetter(sequence);
  const parsed = parse(message);
  if (typeof parsed === 'string') throw new LetterFault('unreadable', `${parsed}. "nats stream get ${DEAD} ${sequence}" shows its bytes.`);
  return { sequence, storedAt: message.time.toISOString(), letter: parsed };
}

function absentLetter(sequence: number): LetterFault {
  return new LetterFault(
    'absent',
    `There is no letter ${sequence} in ${DEAD}: it was retried or removed, or is too old. "chimera dead list" shows those there are.`,
  );
}

/** Removes a letter, readable or not: its message is given up for good. Throws LetterFault (absent, not_removed) and NoDeadStream. */
export async function removeLetter({ manager }: DeadBox, sequence: number): Promise<void> {
  if ((await manager.streams.getMessage(DEAD, { seq: sequence }).catch(asNoStream)) === null) throw absentLetter(sequence);
  try {
    await manager.streams.deleteMessage(DEAD, sequence, false);
  } catch (error) {
    throw new LetterFault('not_removed', `Letter ${sequence} could not be removed from ${DEAD}: ${textOf(error)}.`, { cause: error });
  }
}

/**
 * Publishes a letter's message again, with its bytes and on its subject, and then removes the letter.
 *
 * The id is a new one, `retry:<sequence>`: by its own the stream may still know the message, and would drop it
 * without a word. Should this end between the two steps, the next retry is dropped by that id and says so. The letter
 * is kept then: its number may be that of another letter of an earlier dead stream, so it is not known to be settled.
 *
 * A message of the events goes to every durable of its subject, not only to the one on which it died; their handlers
 * have no further effect when they get a message again. `force` publishes also what its contract does not take.
 *
 * Throws LetterFault and NoDeadStream.
 */
export async function retryLetter(box: DeadBox, sequence: number, options: { force?: boolean } = {}): Promise<Retried> {
  const { letter: dead } = await letter(box, sequence);
  const { contract, kind, doubt } = admitted(sequence, dead);
  if (doubt !== null && !options.force) throw new LetterFault('unparsable', `${doubt}. "--force" publishes it all the same.`);
  const head = headers();
  head.set('content-type', 'application/json');
  head.set('chimera-message', kind);
  head.set('chimera-retry-of', String(sequence));
  if (dead.traceparent) head.set('traceparent', dead.traceparent);
  const ack = await box.jetstream
    .publish(dead.subject, dataOf(dead), { headers: head, msgID: `retry:${sequence}`, expect: { streamName: contract.stream } })
    .catch((error: unknown): PubAck => {
      throw new LetterFault(
        'unconfirmed',
        `Letter ${sequence} is kept: ${contract.stream} did not confirm that it took its message on ${dead.subject} (${unconfirmed(error)}). Retry it again; if it was taken after all, that is noticed.`,
        { cause: error },
      );
    });
  if (ack.duplicate)
    throw new LetterFault(
      'duplicate',
      `Letter ${sequence} was not published: ${contract.stream} took a retry of a letter of this number in the last minutes, as message ${ack.seq}. The letter is kept; if that message was not this one, retry it in ten minutes.`,
    );
  await remove(box, sequence, `Letter ${sequence} was published again on ${dead.subject}, as message ${ack.seq} of ${contract.stream}`);
  return { stream: ack.stream, subject: dead.subject, sequence: ack.seq, doubt };
}

/** What a letter's message is, and why it may well die again (null: nothing is known against it). Throws LetterFault (cut, foreign). */
function admitted(sequence: number, dead: DeadLetter): { contract: (typeof CONTRACTS)[number]; kind: string; doubt: string | null } {
  const bytes = dataOf(dead);
  // The mark that bury() leaves when it keeps only the beginning.
  if (Number(/the first (\d+) are kept/.exec(dead.reason)?.[1]) === bytes.length)
    throw new LetterFault('cut', `Letter ${sequence} cannot be retried: only the first ${bytes.length} bytes of its message were kept.`);
  const contract = CONTRACTS.find((one) => covers(one.subjects, dead.subject));
  // Nor by force: a letter says what somebody wrote into it, and a subject may also be a command to the server.
  if (contract === undefined || contract.stream !== dead.stream || contract.stream === DEAD)
    throw new LetterFault(
      'foreign',
      `Letter ${sequence} cannot be retried: no message of Chimera travels on ${dead.subject} of ${dead.stream}.`,
    );
  const kind = `${contract.name}/v${contract.version}`;
  const fault = faultOf(contract.schema, bytes);
  return {
    contract,
    kind,
    doubt: fault === null ? null : `Letter ${sequence} would die again: its ${bytes.length} bytes are no ${kind} (${fault})`,
  };
}

/** The bytes of a letter's message; of a very large one, the beginning. */
export function dataOf(dead: DeadLetter): Uint8Array {
  return Buffer.from(dead.data, 'base64');
}

async function remove({ manager }: DeadBox, sequence: number, done: string): Promise<void> {
  try {
    await manager.streams.deleteMessage(DEAD, sequence, false);
  } catch (error) {
    throw new LetterFault(
      'not_removed',
      `${done}, but the letter could not be removed from ${DEAD}: ${textOf(error)}. Remove it with "nats stream rmm ${DEAD} ${sequence}", or its message is published once more.`,
      { cause: error },
    );
  }
}

function headOf(message: StoredMsg): LetterHead {
  const stored = { sequence: message.seq, storedAt: message.time.toISOString() };
  const parsed = parse(message);
  if (typeof parsed === 'string') return { ...stored, letter: null, fault: parsed };
  const { data: _, ...rest } = parsed;
  return { ...stored, letter: rest, bytes: dataOf(parsed).length };
}

/** The letter, or a sentence (without its full stop) that says why it is none. */
function parse(message: StoredMsg): DeadLetter | string {
  const fault = faultOf(DeadLettered.schema, message.data);
  if (fault === null) return DeadLettered.schema.parse(message.json());
  return `What lies at ${message.seq} in ${DEAD} is no ${DeadLettered.name}/v${DeadLettered.version}: ${fault}`;
}

/** Why bytes are not what a schema takes, as a consumer reads them; null where they are. */
function faultOf(schema: (typeof CONTRACTS)[number]['schema'], bytes: Uint8Array): string | null {
  try {
    const result = schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    const [issue] = result.error?.issues ?? [];
    return issue === undefined ? null : `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}`;
  } catch (error) {
    return textOf(error);
  }
}

/** True where a pattern covers a subject as our contracts make them: with `*` for one token, and no other than escaped tokens. */
function covers(pattern: string, subject: string): boolean {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  return wanted.length === given.length && given.every((token, i) => /^[\w=-]+$/.test(token) && (wanted[i] === '*' || wanted[i] === token));
}

function asNoStream(error: unknown): never {
  if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)
    throw new NoDeadStream(`This NATS holds no stream ${DEAD}: no Chimera service has used it yet.`, { cause: error });
  throw error;
}

function unconfirmed(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  // The client takes it for a server without JetStream when no stream listens.
  return cause instanceof RequestError && cause.isNoResponders() ? 'there is no such stream' : textOf(error);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
