import { describe, expect, it } from 'vitest';
import { failedCall } from './call-record.ts';
import type { SectionDuty } from './definition.ts';
import { ASSUMED_CONTEXT, type Room } from './fit.ts';
import { type Answer, AskFailed, type Question } from './question.ts';
import { AGENT, factOf, RISKS, SUMMARY } from './testing.ts';
import { type Fate, writeSection } from './write-section.ts';

const facts = [factOf(1, { metric: 'time_to_first_token' }), factOf(2, { metric: 'power' })];
const [one] = facts;
const ID = `{{${one?.id}}}`;

/** A model whose answers are written down: texts, or failures. */
function scripted(answers: readonly (string | AskFailed)[], room: Room = { context: ASSUMED_CONTEXT, options: {}, scale: 1 }) {
  const asked: Question[] = [];
  const calls: Answer['call'][] = [];
  return {
    asked,
    calls,
    session: {
      model: 'tiny:1b',
      server: 'http://ollama',
      room,
      async ask(question: Question): Promise<Answer> {
        const answer = answers[asked.push(question) - 1];
        if (answer === undefined) throw new Error('The model was asked more than was written down.');
        if (typeof answer !== 'string') throw answer;
        const call = failedCall(question, {
          model: 'tiny:1b',
          server: 'http://ollama',
          startedAt: 0,
          outcome: 'stop',
          wallSeconds: 1,
          slotWaitSeconds: 0,
          transcript: null,
        });
        calls.push(call);
        return { text: answer, doneReason: 'stop', call };
      },
    },
  };
}
const said = (...texts: string[]) => JSON.stringify({ sentences: texts.map((text) => ({ text, facts: ['F1'], kind: 'observation' })) });
const gone = new AskFailed('tiny:1b is gone.', 'unreachable', true);
const broke = new AskFailed('tiny:1b broke off.', 'stream_error', false);

async function write(answers: readonly (string | AskFailed)[], duty: SectionDuty = SUMMARY, before: readonly string[] = []) {
  const model = scripted(answers);
  const written = await writeSection({ definition: AGENT, duty, session: model.session }, facts, before);
  return { ...written, asked: model.asked, calls: model.calls };
}
const short = (fates: readonly Fate[]) =>
  fates.map((fate) => (fate.outcome === 'withheld' ? `withheld: ${fate.reason}` : `${fate.outcome}: ${fate.sentence.text}`));

describe('writeSection', () => {
  it('keeps what has no faults, with one call that asks for this section alone', async () => {
    const { fates, asked, reason, gone } = await write([said('It is {{F1}}.', 'It is told.')]);
    expect(short(fates)).toEqual([`kept: It is ${ID}.`, 'kept: It is told.']);
    expect({ reason, gone }).toEqual({ reason: null, gone: false });
    expect(asked).toMatchObject([{ section: 'summary', repair: false }]);
    expect(asked[0]?.numPredict).toBeGreaterThan(100);
  });

  it('has faulty sentences written again, once, by number and fault, and puts them where they were', async () => {
    const { fates, asked } = await write([said('It is 5.', 'It is told.', 'Okay, so.'), said('It is {{F1}}.', 'So it is.')]);
    expect(short(fates)).toEqual([`repaired: It is ${ID}.`, 'kept: It is told.', 'repaired: So it is.']);
    expect(asked.map(({ repair }) => repair)).toEqual([false, true]);
    const [, question] = asked;
    expect(question?.prompt[1].content).toContain('1 | It is 5. | faults: holds the numeral "5"');
    expect(question?.prompt[1].content).toContain('2 | Okay, so. | faults: opens like a chat');
    expect(question?.prompt[1].content).not.toContain('It is told.');
    expect(JSON.stringify(question?.schema)).toContain('"minItems":2,"maxItems":2');
  });

  it('withholds what is still faulty, with its own words and all its faults', async () => {
    const { fates } = await write([said('It is 5.', 'It is told.'), said('It is twelve')]);
    expect(fates[0]).toEqual({
      outcome: 'withheld',
      text: 'It is twelve',
      reason: 'holds the number word "twelve", which refers to no fact; breaks off: it does not end with a full stop',
    });
    expect(fates).toHaveLength(2);
  });

  it('withholds a sentence written again that says what another says', async () => {
    const { fates } = await write([said('It is 5.', 'It is told.'), said('It is told.')]);
    expect(short(fates)).toEqual(['withheld: repeats an earlier sentence', 'kept: It is told.']);
  });

  it('withholds what repeats an earlier section', async () => {
    const { fates } = await write([said('It is {{F1}}.', 'It is told.'), said('It is {{F1}}.')], SUMMARY, [`It is ${ID}.`]);
    expect(short(fates)).toEqual(['withheld: repeats an earlier sentence', 'kept: It is told.']);
  });

  it('lets the good sentences stand where the call to mend the others fails, and withholds these with the reason', async () => {
    const { fates, gone } = await write([said('It is 5.', 'It is told.'), broke]);
    expect(short(fates)).toEqual([
      'withheld: holds the numeral "5", which refers to no fact; could not be asked for again: tiny:1b broke off.',
      'kept: It is told.',
    ]);
    expect(gone).toBe(false);
  });

  it('says that a server is gone that was there for the first call', async () => {
    const { fates, gone: away, reason } = await write([said('It is 5.', 'It is told.'), gone]);
    expect([fates.length, away, reason]).toEqual([2, true, null]);
  });

  it('withholds what was not written again', async () => {
    for (const second of [said('It is {{F1}}.'), '{"sentences"']) {
      const { fates } = await write([said('It is 5.', 'It is 6.'), second]);
      expect(short(fates).at(-1)).toBe('withheld: holds the numeral "6", which refers to no fact; was not written again');
    }
  });

  it('has a sentence written again that was cut off with its answer, and keeps those before it', async () => {
    const whole = said('It is {{F1}}.', 'It is told and the');
    const { fates } = await write([whole.slice(0, whole.indexOf(' and the') + 8), said('It is told and done.')]);
    expect(short(fates)).toEqual([`kept: It is ${ID}.`, 'repaired: It is told and done.']);
  });

  it('asks for the whole section again where an answer cannot be read, and counts what comes as repaired', async () => {
    const { fates, asked, calls } = await write(['Sure, here it is!', said('It is {{F1}}.', 'It is 5.')]);
    expect(short(fates)).toEqual([`repaired: It is ${ID}.`, 'withheld: holds the numeral "5", which refers to no fact']);
    expect(asked.map(({ repair }) => repair)).toEqual([false, true]);
    expect(asked[0]?.prompt).toEqual(asked[1]?.prompt);
    expect(calls.map(({ outcome }) => outcome)).toEqual(['unusable_answer', 'stop']);
  });

  it('gives the section up where that cannot be read either, with the reason', async () => {
    const { fates, reason, gone: away } = await write(['no', 'no']);
    expect(fates).toEqual([]);
    expect(reason).toBe(
      'tiny:1b at http://ollama answered with something that is not a whole JSON document (done reason: stop). It does not keep to the form that it is asked for: choose another model.',
    );
    expect(away).toBe(false);
  });

  it('asks nothing again of a server that failed, but of a model that said nothing', async () => {
    expect(await write([broke])).toMatchObject({ fates: [], reason: 'tiny:1b broke off.', gone: false });
    expect(await write([gone])).toMatchObject({ fates: [], reason: 'tiny:1b is gone.', gone: true });
    const empty = new AskFailed('It said nothing.', 'empty_answer', false);
    expect(short((await write([empty, said('It is told.', 'It is so.')])).fates)).toEqual(['repaired: It is told.', 'repaired: It is so.']);
    expect(await write([empty, gone])).toMatchObject({ fates: [], reason: 'It said nothing.', gone: true });
  });

  it('withholds sentences beyond those that the section may have', async () => {
    const { fates } = await write([said('It is a.', 'It is b.', 'It is c.', 'It is d.', 'It is e.')]);
    expect(short(fates).at(-1)).toBe('withheld: is more than the section may have');
    expect(fates).toHaveLength(5);
  });

  it('has a risk written again with its mitigation', async () => {
    const risks = (...texts: [string, string][]) =>
      JSON.stringify({ sentences: texts.map(([text, mitigation]) => ({ text, mitigation, facts: [], kind: 'risk' })) });
    const { fates, asked } = await write(
      [risks(['It may wait.', 'Wait 5 s.'], ['It may fail.', 'Look.']), risks(['It may wait.', 'Warm it.'])],
      RISKS,
    );
    expect(fates[0]).toMatchObject({ outcome: 'repaired', sentence: { text: 'It may wait.', mitigation: 'Warm it.', kind: 'risk' } });
    expect(asked[1]?.prompt[1].content).toContain('1 | It may wait. | mitigation: Wait 5 s. | faults: its mitigation holds');
  });

  it('asks nothing where nothing fits', async () => {
    const model = scripted([], { context: { tokens: 256, by: 'asked' }, options: {}, scale: 1 });
    const written = await writeSection({ definition: AGENT, duty: SUMMARY, session: model.session }, facts, []);
    expect(model.asked).toEqual([]);
    expect(written).toMatchObject({
      fates: [],
      gone: false,
      leftOut: facts.map(({ id }) => id),
      reason: expect.stringContaining('num_ctx 256 was asked for'),
    });
  });
});
