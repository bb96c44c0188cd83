import type { PlainBehaviour } from './behaviour.ts';
import { factsInPrompt } from './facts-in-prompt.ts';
import type { ReplayRequest } from './request.ts';
import { schemaAnswer } from './schema-answer.ts';
import { type Author, honestAuthor, lyingAuthor } from './sentences.ts';

/** How an answer ends once its text is out. */
export type Ending = 'done' | 'no-done' | 'error-line' | 'bad-line' | 'cut' | 'silence';

/** What one call will say: text, and after how many of its tokens (null: all) which ending. */
export interface Script {
  thinking: string;
  text: string;
  stopAfter: number | null;
  /** goes round and round */
  endless: boolean;
  ending: Ending;
  errorMessage: string;
}

const ERROR = 'an error was encountered while running the model: unexpected EOF';
const LOOP = 'The throughput is good and the throughput is good and ';
const THOUGHT = 'The facts come before the words.';

/**
 * The script of a behaviour that answers at all (`error`, `hang` and their like do not).
 * @param request with the messages as the model gets them
 * @param thinks whether the model thinks, as far as it was not told otherwise
 * Throws an Error for a schema that cannot be fulfilled.
 */
export function scriptOf(behaviour: PlainBehaviour, request: ReplayRequest, thinks: boolean): Script {
  const script: Script = { thinking: '', text: '', stopAfter: null, endless: false, ending: 'done', errorMessage: ERROR };
  const honest = (): string => document(request, honestAuthor(startOf(request)));
  switch (behaviour.kind) {
    case 'text':
      return { ...script, text: behaviour.text, thinking: behaviour.thinking ?? '' };
    case 'recorded':
      return { ...script, text: behaviour.answer.text, thinking: behaviour.answer.thinking };
    case 'lies':
      return { ...script, text: document(request, lyingAuthor(startOf(request))) };
    case 'think-ignored':
      return { ...script, text: honest(), thinking: behaviour.thinking ?? THOUGHT };
    case 'format-ignored': {
      const { format: _, ...plain } = request;
      return { ...script, text: document(plain, honestAuthor(startOf(request))) };
    }
    case 'empty':
      return { ...script, thinking: behaviour.thinking ?? '' };
    case 'half-json': {
      const text = honest();
      return { ...script, text: text.slice(0, Math.ceil(text.length / 2)) };
    }
    case 'no-done':
      return { ...script, text: honest(), ending: 'no-done' };
    case 'error-mid-stream':
      return {
        ...script,
        text: honest(),
        stopAfter: behaviour.afterChunks ?? 3,
        ending: 'error-line',
        errorMessage: behaviour.message ?? ERROR,
      };
    case 'malformed':
      return { ...script, text: honest(), stopAfter: behaviour.afterChunks ?? 3, ending: 'bad-line' };
    case 'cut':
      return { ...script, text: honest(), stopAfter: behaviour.afterChunks ?? 3, ending: 'cut' };
    case 'stall':
      return { ...script, text: honest(), stopAfter: behaviour.afterChunks ?? 3, ending: 'silence' };
    case 'endless':
      return { ...script, text: LOOP, endless: true };
    default:
      return { ...script, text: honest(), thinking: thinks ? THOUGHT : '' };
  }
}

/** The document that the request's schema asks for; without one, a paragraph on the facts. */
function document(request: ReplayRequest, author: Author): string {
  const all = factsInPrompt(request.messages);
  // Who is asked for one section after another begins each with another fact.
  const first = all.length === 0 ? 0 : startOf(request) % all.length;
  const facts = [...all.slice(first), ...all.slice(0, first)];
  if (request.format !== undefined) return JSON.stringify(schemaAnswer(request.format, { facts, author }));
  const about = facts.length === 0 ? [[], []] : facts.slice(0, 5).map((fact) => [fact]);
  return about.map((each) => author.sentence(each, Number.POSITIVE_INFINITY)).join(' ');
}

/** Another choice of words for another prompt; the same for the same. */
function startOf(request: ReplayRequest): number {
  let sum = 0;
  for (const { content } of request.messages)
    for (const character of content) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
