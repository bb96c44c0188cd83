/** A fact as a prompt lists it: `F12 | time_to_first_token p95 …`. */
export interface PromptFact {
  id: string;
  /** its metric in words, without digits: `time to first token`; `this value` where the line names none */
  metric: string;
}

const LINE = /^[\s>*-]*`?(F\d+)\b`?([^\n]*)$/gm;
const NUMBER_WORDS =
  /^(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half|twice)$/i;

/** The facts that the prompt's lines list, in their order, each once. Those of user messages; without any, of the others. */
export function factsInPrompt(messages: readonly { role: string; content: string }[]): PromptFact[] {
  const asked = factsIn(messages.filter(({ role }) => role === 'user'));
  return asked.length > 0 ? asked : factsIn(messages.filter(({ role }) => role === 'system'));
}

function factsIn(messages: readonly { content: string }[]): PromptFact[] {
  const facts = new Map<string, PromptFact>();
  for (const { content } of messages) {
    for (const [, id = '', rest = ''] of content.matchAll(LINE)) {
      if (!facts.has(id)) facts.set(id, { id, metric: metricIn(rest) });
    }
  }
  return [...facts.values()];
}

/** The names of quantities that benchmarks of models have in common. */
const QUANTITIES =
  /\b(?:time to first token|inter token latency|time per output token|request latency|(?:output|prompt|total) token throughput|request throughput|(?:load|prompt eval|eval) duration|peak memory|gpu utilization|execution time|operation throughput)\b/i;
/** A name with underscores; one with a number behind it, `num_ctx 4096`, is a setting. */
const NAME = /(?<![\p{L}\p{N}])[a-z][a-z]*(?:_[a-z]+)+(?![\p{L}\p{N}_])(?! `?[\d.])/iu;

/** What is measured; else the first name with underscores; of a line that begins with a count, and else, its first words. */
function metricIn(rest: string): string {
  const isCount = /^[\s|:]*\d/.test(rest);
  const measured = isCount ? undefined : QUANTITIES.exec(rest)?.[0];
  const name = isCount || measured !== undefined ? undefined : NAME.exec(rest)?.[0];
  const words = (measured?.split(' ') ?? name?.split('_') ?? rest.split(/[^A-Za-z]+/)).filter(
    (word) => /^[A-Za-z]{2,20}$/.test(word) && !NUMBER_WORDS.test(word),
  );
  return words.slice(0, 5).join(' ').toLowerCase() || 'this value';
}
