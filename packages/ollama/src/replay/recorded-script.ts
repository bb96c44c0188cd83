import { sameModel } from '../model-name.ts';
import type { Behaviour, BehaviourScript } from './behaviour.ts';
import type { Recording } from './recorded-answer.ts';
import { refusal } from './refusal.ts';
import type { ReplayRequest } from './request.ts';

/** What a call meets that nobody recorded: a behaviour of its own, the recorded answers in turn, or a refusal with status 404. */
export type Otherwise = 'well-behaved' | 'in-turn' | 404;

/**
 * Answers what was recorded: a call whose messages equal recorded ones gets their answer; where several were recorded, those of its
 * model, in turn. `otherwise` is for the others; default well-behaved.
 */
export function recordedScript(recordings: readonly Recording[], otherwise: Otherwise = 'well-behaved'): BehaviourScript {
  const byPrompt = Map.groupBy(recordings, ({ messages }) => keyOf(messages));
  const turns = new Map<string, number>();

  function inTurn(key: string, among: readonly Recording[]): Behaviour | null {
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const recording = among[turn % among.length];
    return recording === undefined ? null : { kind: 'recorded', answer: recording.answer };
  }

  return ({ messages, model }: ReplayRequest): Behaviour => {
    const key = keyOf(messages);
    const all = byPrompt.get(key) ?? [];
    const ofModel = all.filter((recording) => recording.model !== '' && sameModel(recording.model, model));
    const found = inTurn(`${model}\n${key}`, ofModel.length > 0 ? ofModel : all);
    if (found !== null) return found;
    if (otherwise === 'in-turn') return inTurn('', recordings) ?? { kind: 'well-behaved' };
    if (otherwise === 'well-behaved') return { kind: 'well-behaved' };
    return { kind: 'error', ...refusal(404, 'the replay server has no recording of this prompt') };
  };
}

const keyOf = (messages: Recording['messages']): string => JSON.stringify(messages.map(({ role, content }) => [role, content]));
