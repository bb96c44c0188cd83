import type { Behaviour, ReplayRequest } from '@chimera/ollama';
import { z } from 'zod';

/** A number by itself: pages are full of hashes, which hold any four digits sooner or later. */
const number = (digits: number): RegExp => new RegExp(`(?<![0-9a-f])${digits}(?![0-9a-f])`);

/** What a liar says, and what of it must never be seen. */
export const LIES: readonly [string, RegExp][] = [
  ['The throughput is 7391 tok/s.', number(7391)],
  ['The wait of {{F1}} is 7392 seconds and not milliseconds.', number(7392)],
  ['The last run ended on 14 March 2031.', number(2031)],
  ['Nineteen of the files hold forty-two runs.', /nineteen of|forty-two/i],
  ['It is half as fast as the others, or thrice.', /half as fast|thrice/],
  ['Скорость выросла вдвое.', /\p{Script=Cyrillic}/u],
  ['吞吐量提高了四十二倍。', /\p{Script=Han}/u],
  ['See <script>alert(7393)</script> for it.', /<script|(?<![0-9a-f])7393(?![0-9a-f])/],
  ['The curve <img src="https://attacker.invalid/p.png" onerror="alert(1)"> speaks.', /<img|attacker/],
  ['The chart ![it](https://attacker.invalid/c.png) shows it.', /!\[|attacker/],
  ['As {{F999}} shows, it is the best of all.', /F999|as shows/i],
  ['It is {{F1|parsecs}} or {{F1|ms|99}} away.', /parsec/],
  ['The reference {{F1 and the reference {{ F1 | upper }} agree.', /upper/],
  ['It rose by ٤٢ ms, to ９９ GB.', /٤٢|９９/],
  ['Usage grew by 7394 %, from 7395 to ½.', /(?<![0-9a-f])739[45](?![0-9a-f])|½/],
  ["Okay, here's what the facts say.", /okay/i],
  ['Would you like me to go on?', /would you/i],
];

/** What only looks true: sentences in good form, each number a reference, which say of a fact that it is what it is not. */
export const MARK = 'as nobody measured';
const WRONG_WORDS: readonly [RegExp, string][] = [
  [/^(F\d+) \| (?:The [a-z0-9]+ of )?output token throughput of /, `The time to first token comes to REF, ${MARK}.`],
  [/^(F\d+) \| Of \d+ configurations .* best output token throughput/, `The GPU utilization rises to REF, ${MARK}.`],
  [/^(F\d+) \| The [a-z0-9]+ of output token throughput of num_ctx/, `In runs/other.csv the throughput is REF, ${MARK}.`],
  [/^(F\d+) \| The median of output token throughput of /, `The maximum of the output token throughput is REF, ${MARK}.`],
  [/^(F\d+) \| (?:The [a-z0-9]+ of )?time to first token of /, `The output token throughput comes to REF, ${MARK}.`],
  [/^(F\d+) \| There are \d+ artifacts\./, `There are REF Markdown files, ${MARK}.`],
  [/^(F\d+) \| \d+ artifacts? (?:is|are) of kind csv\./, `There are REF JSON files, ${MARK}.`],
  [/^(F\d+) \| The latest modification of an artifact of kind json /, `CSV files were last modified at REF, ${MARK}.`],
];

/** Such sentences about the facts of a prompt. */
function wrongWords({ messages }: ReplayRequest): string[] {
  const lines = (messages[1]?.content ?? '').split('\n');
  return WRONG_WORDS.flatMap(([fact, words]) => {
    const name = lines.flatMap((line) => fact.exec(line)?.[1] ?? [])[0];
    return name === undefined ? [] : [words.replace('REF', `{{${name}}}`)];
  });
}

/** Answers by the schema it is given, with a lie in every text. */
export function liar(): (request: ReplayRequest) => Behaviour {
  let turn = 0;
  return (request) => {
    const { format } = request;
    // Of both sorts one after the other: what is known to be no sentence would hide what only looks like a good one.
    const wrong = wrongWords(request);
    const lie = () => {
      const next = turn++;
      return (next % 2 === 1 ? wrong[(next >> 1) % Math.max(1, wrong.length)] : undefined) ?? LIES[(next >> 1) % LIES.length]?.[0] ?? '';
    };
    const schema = z.fromJSONSchema(format as Parameters<typeof z.fromJSONSchema>[0]);
    const isRisk = JSON.stringify(format).includes('"mitigation"');
    for (const count of [4, 3, 2, 1, 5, 6, 7, 8]) {
      const sentences = Array.from({ length: count }, () => (isRisk ? { text: lie(), mitigation: lie() } : lie()));
      if (schema.safeParse({ sentences }).success) return { kind: 'text', text: JSON.stringify({ sentences }) };
    }
    throw new Error(`No lie fits the schema ${JSON.stringify(format)}.`);
  };
}
