import { describe, expect, it } from 'vitest';
import type { BehaviourScript } from './behaviour.ts';
import { replayRequest } from './request.ts';
import { InvalidScript, ruleScript, scriptRules } from './script-file.ts';

function kindOf(script: BehaviourScript, index: number, content = '', model = 'gemma3', options: object = {}): string {
  const request = replayRequest({ model, options, messages: [{ role: 'user', content }] });
  if (typeof request === 'string' || typeof script !== 'function') throw new Error('There is no call.');
  return script(request, index).kind;
}

describe('a script file', () => {
  it('gives each call the behaviour of the first rule that matches', () => {
    const rules = scriptRules(
      `[
        {"match": {"call": 0}, "behaviour": {"kind": "busy-for", "calls": 2}},
        {"match": {"call": [1, 2], "contains": "sections"}, "behaviour": {"kind": "cut", "afterChunks": 5}},
        {"match": {"model": "Qwen3:latest"}, "behaviour": {"kind": "error", "status": 500, "body": {"error": "no"}}},
        {"match": {"call": 7}, "behaviour": {"kind": "slow", "rates": {"tokensPerSecond": [98, 41], "loadMs": 10}}},
        {"behaviour": {"kind": "lies"}}
      ]`,
      'rules.json',
    );
    const script = ruleScript(rules);
    expect(kindOf(script, 0)).toBe('busy-for');
    expect(kindOf(script, 1, 'all sections')).toBe('cut');
    expect(kindOf(script, 2, 'all sections')).toBe('cut');
    expect(kindOf(script, 3, 'all sections')).toBe('lies');
    expect(kindOf(script, 1, 'one')).toBe('lies');
    expect(kindOf(script, 1, 'one', 'qwen3')).toBe('error');
    expect(kindOf(script, 7)).toBe('slow');
  });

  it('matches the options that a call is asked with: all numbers that it names', () => {
    const rules = scriptRules(
      `[
        {"match": {"options": {"temperature": 0.8, "num_ctx": 4096}}, "behaviour": {"kind": "cut"}},
        {"match": {"options": {"temperature": 0.8}}, "behaviour": {"kind": "well-behaved", "rates": {"tokensPerSecond": 110}}}
      ]`,
      'rules.json',
    );
    const kinds = [{ temperature: 0.8, num_ctx: 4096 }, { temperature: 0.8 }, { temperature: 0.1 }, { num_ctx: 4096 }, {}].map((options) =>
      kindOf(ruleScript(rules, { kind: 'lies' }), 0, '', 'gemma3', options),
    );
    expect(kinds).toEqual(['cut', 'well-behaved', 'lies', 'lies', 'lies']);
  });

  it('leaves the calls that match nothing to another script', () => {
    const rules = scriptRules('[{"match": {"call": 1}, "behaviour": {"kind": "cut"}}]', 'rules.json');
    expect([0, 1].map((index) => kindOf(ruleScript(rules), index))).toEqual(['well-behaved', 'cut']);
    expect(kindOf(ruleScript(rules, { kind: 'lies' }), 0)).toBe('lies');
    expect(
      kindOf(
        ruleScript(rules, (_, index) => ({ kind: index === 0 ? 'hang' : 'lies' })),
        0,
      ),
    ).toBe('hang');
  });

  it.each([
    ['{', 'rules.json is no script: it is no JSON'],
    ['{}', 'rules.json is no script: it must be a JSON list of rules.'],
    ['[1]', 'rules.json, rule 1 is no JSON object'],
    ['[{}]', 'rules.json, rule 1 lacks "behaviour"'],
    [
      '[{"behaviour": {"kind": "lies"}}, {"behaviour": {"kind": "hum"}}]',
      'rule 2, behaviour: "kind" cannot be "hum". There are: well-behaved,',
    ],
    ['[{"behaviour": {"kind": "toString"}}]', '"kind" cannot be "toString"'],
    ['[{"behaviour": {"kind": "recorded"}}]', '"kind" cannot be "recorded"'],
    [
      '[{"behaviour": {"kind": "cut", "after": 3}}]',
      'behaviour has "after", which means nothing there. It may have "kind", "afterChunks".',
    ],
    ['[{"behaviour": {"kind": "cut", "afterChunks": -1}}]', '"afterChunks" must be a whole number from 0 on, and is -1.'],
    ['[{"behaviour": {"kind": "text"}}]', 'behaviour lacks "text", which must be a text.'],
    ['[{"behaviour": {"kind": "error", "status": 99, "body": ""}}]', '"status" must be an HTTP status from 200 to 599'],
    ['[{"behaviour": {"kind": "slow", "rates": {"tokensPerSecond": [0]}}}]', 'rates: "tokensPerSecond" must be tokens per second'],
    ['[{"behaviour": {"kind": "mixed", "share": 2}}]', '"share" must be a number from 0 to 1, and is 2.'],
    ['[{"behaviour": {"kind": "mixed", "share": 1, "kinds": ["nap"]}}]', '"kinds" must be a list of busy, cut,'],
    ['[{"match": {"call": [3, 1]}, "behaviour": {"kind": "lies"}}]', 'match: "call" must be the index of a call'],
    ['[{"match": {"options": {"seed": "1"}}, "behaviour": {"kind": "lies"}}]', 'match: "options" must be a JSON object of numbers'],
    ['[{"behaviour": {"kind": "well-behaved", "rates": {"speed": 1}}}]', 'rates has "speed"'],
    ['[{"match": {"prompt": ""}, "behaviour": {"kind": "lies"}}]', 'match has "prompt"'],
  ])('that is none is told so: %s', (text, message) => {
    expect(() => scriptRules(text, 'rules.json')).toThrow(InvalidScript);
    expect(() => scriptRules(text, 'rules.json')).toThrow(message);
  });
});
