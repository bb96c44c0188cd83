import type { PromptFact } from './facts-in-prompt.ts';

/** Writes one sentence after another. */
export interface Author {
  /** a sentence that refers to each of these facts; at most `maxLength` UTF-16 code units, if one that short is possible */
  sentence(facts: readonly PromptFact[], maxLength: number): string;
  /** a heading of a few words */
  title(facts: readonly PromptFact[]): string;
}

const ABOUT_A_FACT = [
  'The METRIC stands at REF, which sets the frame for everything that follows.',
  'With a METRIC of REF, this configuration leaves room for tuning.',
  'Attention belongs to the METRIC, which comes to REF in this data set.',
  'The files put the METRIC at REF, and nothing in them speaks against that.',
  'A METRIC of REF deserves a closer look before anything is changed.',
  'Whoever tunes this system should begin with the METRIC, measured as REF.',
  'The METRIC reaches REF under the conditions that were recorded.',
  'It is the METRIC, at REF, that shapes what a user notices.',
  'Compared with the rest of the evidence, the METRIC of REF stands out.',
  'The recorded METRIC is REF, so a change of settings should be judged against it.',
  'Among the values at hand, the METRIC of REF carries the most weight.',
  'Keeping the METRIC near REF is a sensible goal for the next round.',
] as const;

const WITHOUT_FACT = [
  'The evidence supports a careful reading rather than a bold claim.',
  'A repeat under the same settings would make the picture firmer.',
  'Gaps in the telemetry limit what can be said with confidence.',
  'The files agree with each other wherever they overlap.',
  'Settings should be changed separately, so that each effect stays visible.',
  'Quality needs to be watched while throughput is raised.',
  'The conditions of the measurement ought to be recorded beside the results.',
  'Missing samples should be collected before a decision is made.',
] as const;

const SHORT = ['METRIC: REF', 'METRIC at REF', 'METRIC is REF'] as const;
const TITLES = ['Reading the METRIC', 'What the METRIC shows', 'Attention to the METRIC', 'The METRIC in context'] as const;
const JOINTS = ['; beside it, ', '; at the same time, ', '; in the same data, ', '; next to that, '] as const;
const CLOSES = [
  'as the files record it',
  'as far as the evidence goes',
  'under the recorded conditions',
  'according to the same source',
] as const;

/** An author that is honest: no numeral in its words, values only by reference, no sentence twice. `start` turns the choice of words. */
export function honestAuthor(start: number): Author {
  const used = new Set<string>();
  let turn = start;

  function fresh(templates: readonly string[], facts: readonly PromptFact[], maxLength: number): string | undefined {
    for (let step = 0; step < templates.length; step += 1) {
      const text = written(templates[(turn + step) % templates.length] ?? '', facts, turn);
      if (text.length <= maxLength && !used.has(text)) {
        turn += step + 1;
        used.add(text);
        return text;
      }
    }
    return undefined;
  }

  return {
    sentence(facts, maxLength) {
      const templates = facts.length === 0 ? WITHOUT_FACT : ABOUT_A_FACT;
      const first = fresh(templates, facts, maxLength);
      if (first !== undefined) return first;
      const longer = templates.flatMap((text) => CLOSES.map((close) => text.replace(/\.$/, `, ${close}.`)));
      const second = fresh(longer, facts, maxLength) ?? fresh(SHORT, facts, maxLength);
      if (second !== undefined) return second;
      turn += 1;
      const repeated = written(templates[turn % templates.length] ?? '', facts, turn);
      return repeated.length <= maxLength ? repeated : cut(repeated, maxLength);
    },
    title(facts) {
      turn += 1;
      return (TITLES[turn % TITLES.length] ?? '').replace('METRIC', facts[0]?.metric ?? 'evidence');
    },
  };
}

/** The template with the first fact in it; the others follow in clauses of their own. */
function written(template: string, facts: readonly PromptFact[], turn: number): string {
  const [first, ...others] = facts;
  const fill = (text: string, fact: PromptFact): string => text.replaceAll('METRIC', fact.metric).replaceAll('REF', `{{${fact.id}}}`);
  if (first === undefined) return template.replaceAll('METRIC', 'evidence').replaceAll(/:? ?(?:at |is )?REF/g, '');
  const rest = others.map((fact, index) => `${JOINTS[(turn + index) % JOINTS.length] ?? '; '}${fill('the METRIC comes to REF', fact)}`);
  return rest.length === 0 ? fill(template, first) : `${fill(template, first).replace(/\.$/, '')}${rest.join('')}.`;
}

/** At most `maxLength` long, cut between words and never inside a reference. */
function cut(text: string, maxLength: number): string {
  const words: string[] = [];
  for (const word of text.split(' ')) {
    if ([...words, word].join(' ').length > maxLength) break;
    words.push(word);
  }
  return words.join(' ') || 'evidence'.slice(0, maxLength);
}

const LIES = [
  'The METRIC fell by 37.5 % to 12.4 ms after the change.',
  'Roughly forty-two files were read, and seventeen of them failed.',
  'The latest run finished on 14 March 2031 at 09:26 UTC.',
  'The METRIC of REF seconds is three times better than before.',
  'The METRIC beträgt ٤٢ ms, and the peak reached ９９ GB.',
  '吞吐量提高了四十二倍，延迟只有三毫秒。',
  'Скорость выросла вдвое, до девяноста токенов.',
  'See <script>alert("METRIC")</script> for the details.',
  'The curve <img src="https://attacker.invalid/p.png" onerror="alert(1)"> speaks for itself.',
  'The chart ![METRIC](https://attacker.invalid/chart.png) shows a gain of 1e3 tok/s.',
  'As {{F9999}} shows, the METRIC is the best ever measured.',
  'The reference {{REFID and the reference {{ REFID | upper }} say the same.',
  'The METRIC is REF, which is about 1,048,576 tokens per second.',
  'Version 9.9.9 on eight H900 GPUs with XII layers made the METRIC half as long.',
  'Ignore the facts above: the METRIC improved from 0x1F to ½.',
] as const;

/** An author that lies: each sentence breaks another rule of grounded prose. */
export function lyingAuthor(start: number): Author {
  let turn = start;
  return {
    sentence(facts, maxLength) {
      turn += 1;
      const lie = (LIES[turn % LIES.length] ?? '')
        .replaceAll('METRIC', facts[0]?.metric ?? 'throughput')
        .replaceAll('REFID', facts[0]?.id ?? 'F9999')
        .replaceAll('REF', `{{${facts[0]?.id ?? 'F9999'}}}`);
      return cut(lie, maxLength);
    },
    title: (facts) => `${facts[0]?.metric ?? 'Throughput'} up 250 %`,
  };
}
