/** Words after which a number is part of a name: `RTX 4090`, `Llama 3.1`, `Table 2`, `Report 108`. */
const TITLES = String.raw`RTX|GTX|GT|Quadro|Tesla|Radeon|RX|Arc|Ryzen(?:\s+\d)?|Core|Xeon|EPYC|Threadripper|Snapdragon|Jetson|Llama|LLaMA|Gemma|Qwen|Mistral|Mixtral|Phi|GPT|Claude|DeepSeek|Falcon|Yi|Granite|Grok|Gemini|CUDA|cuDNN|ROCm|TensorRT|PyTorch|Triton|Python|Node|Go|Java|Rust|Windows|Ubuntu|Debian|Fedora|macOS|iOS|Android|Linux|kernel|driver|PCIe|USB|HTTP|IPv|DDR|HBM|Wi-Fi|[Rr]eport|[Ss]ection|[Tt]able|[Ff]ig(?:ure|\.)|[Aa]ppendix|[Cc]hapter|Step|Phase|Part|Stage|[Vv]ersion|[Rr]elease|[Bb]uild|Level|Tier|Option|Agent|Item|Question|[Ee]q(?:uation|\.)|[Pp]age|Note|No\.|[Rr]evision|Issue|PR|RFC|ISO|IEEE|Claim|Finding|Recommendation|Risk|Scenario|Example|Experiment|Volume|Chapter|Priority|Run|Test|Trial|Iteration|Epoch|Day|Week|Month|Year|Quarter|Q|Layer|GPU|CPU|Device|Core|Node|Rank|Worker|Cluster|Group|Batch|Prompt|Sample|Config|Configuration|Case|Variant|Model|DataCollector|Chimera`;

const NAMES: readonly RegExp[] = [
  // Paths and files: a letter, and a slash or an ending that files have.
  /(?<![\w/.])(?:[A-Za-z_~.][\w.:~-]*\/|\/)(?:[\w.:~-]*\/)*[\w.{}*-]*/g,
  /(?<![\w/])[\w{}*-][\w.{}*-]*\.(?:csv|tsv|jsonl?|ndjson|md|markdown|txt|log|ya?ml|toml|py|ts|js|rs|go|sh|html?|parquet|sqlite|db|gguf|safetensors|onnx|pdf|png|svg|zip|gz)\b/gi,
  // Percentiles and the width of an interval say which statistic, not how much.
  /\b\d{1,2}(?:\.\d+)?(?:st|nd|rd|th)[\s-]+percentiles?\b/gi,
  /\b\d{2}(?:\.\d+)?\s?%\s*(?:confidence|CI\b|interval)/gi,
  /\bCI\s?\d{2}\b|\btop-\d+\b|\bF1\b/gi,
  // Versions, colours, hashes, numbers of issues.
  /\bv\d+(?:\.\d+)*[\w.-]*|\b\d+\.\d+\.\d+[\w.-]*/gi,
  /#\d+\b|#[0-9a-f]{6}\b|\b[0-9a-f]{7,64}\b(?=\W|$)(?<=[a-f][0-9a-f]*\d[0-9a-f]*|\d[0-9a-f]*[a-f][0-9a-f]*)/gi,
  new RegExp(
    String.raw`\b(?:${TITLES})[\s-]+#?\d+(?:\.\d+)*[A-Za-z]?(?![\w%])(?!\s?(?:%|ms\b|s\b|tok|GB\b|MB\b|files?\b|seconds?\b))`,
    'g',
  ),
  // Where somebody or something is reached: telephones, rooms, ports.
  /(?<![\p{L}\p{N}_.-])(?:\+?\d{1,3}[-. ])?(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\p{L}\p{N}-])/gu,
  /(?<![\p{L}\p{N}_.+-])\+\d{1,3}[ -]\d{2,4}[ -]\d{4,8}(?![\p{L}\p{N}-])/gu,
  /\b(?:ext\.|ext(?:ension)?)\s?\d{2,6}\b(?![.,]\d)/gi,
  /\b(?:Floor|floor|Room|room|Suite|suite)\s\d{1,5}[A-Za-z]?\b(?!\s?%)/g,
  /\bports?\s\d{2,5}(?:(?:,|,? and| or|\s?[-–]| to)\s?\d{2,5})*\b(?![.,]\d|\s?(?:%|ms\b|s\b|tok|GB\b|MB\b))/gi,
  // Times of day, sizes of screens and matrices, versions of bits, identifiers with a hyphen.
  /\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?(?:am|pm|UTC|GMT|Z))?\b/gi,
  /\b\d+(?:x\d+)+\b/g,
  /\b\d{1,3}-(?:bit|way|shot|step|point|stage|tier|page|core|layer|dimensional)\b/gi,
  /\b(?:24\/7|A\/B|1:1|360°)(?!\d)/g,
  // A letter first, a digit later: gemma3, Q4_K_M, p95, g60_c1024_t0.4; also in brackets, as gpu[0].fan_speed.
  /(?<![\p{L}\p{N}_])[\p{L}_][\p{L}\p{N}_]*(?:\[\d+\][\w.]*|(?:[-:.+][\p{L}\p{N}_]+)*)/gu,
  // A digit first and letters after a hyphen or underscore: 1b-it-qat, 20251002-170837.
  /(?<![\p{L}\p{N}_.])\d[\d.]*\p{L}*(?:[_-]\p{L}*\d*[\p{L}_][\p{L}\p{N}_-]*)/gu,
  /(?<![\p{L}\p{N}_.])\d{8}[-_T]\d{6}Z?\b/gu,
  // Parameters of models: 8B, 270m, 1.5B; and what only a name can be: 3D, 5G, 2nd.
  /(?<![\p{L}\p{N}_.])\d+(?:\.\d+)?[bB](?![\p{L}\p{N}/])(?:\s+(?:parameters?|params?))?/gu,
  /(?<![\p{L}\p{N}_.])\d{2,3}[mM](?![\p{L}\p{N}/])(?=\s+(?:param|model|variant|version|size|gemma|and|vs|parameter)|[),;"'])/gu,
  /\b\d+(?:\.\d+)?[mM](?=\s+(?:param|model|variant))/g,
  /\b[1-9][DG]\b/g,
];

export type NameSpan = { start: number; end: number };

const SETTINGS = `num[_ ]?gpu|num[_ ]?ctx|temp(?:erature)?|top[_ -]?[pk]|min[_ ]?p|repeat[_ ]?penalty|seed|num[_ ]?predict|num[_ ]?threads?|n[_-]?gpu[_-]?layers|ngl|ctx(?:[_-]?size)?|context(?:[_ ](?:size|length|window))?|batch(?:[_ ]?size)?|ubatch(?:[_ ]?size)?|n[_ ]?batch|max[_ ]?tokens|max[_ ]?concurrency|concurrency|request[_ ]?rate|tensor[_ ]?parallel(?:[_ ]?size)?|tp|pp|threads?|prompt[_ ]?length|input[_ ]?len(?:gth)?|output[_ ]?len(?:gth)?`;
const settingOf = (names: string) =>
  String.raw`(?<![\p{L}\p{N}_])(?<key>${names})["'\x60]?(?:\s*[=:]\s*|\s+(?:(?:of|is|was|at|to|set to)\s*)?)["'\x60]?(?<value>-?\d+(?:\.\d+)?)(?![\p{L}\p{N}%]|\.\d|\s?(?:ms|s|tok|%|x)\b)`;
const SETTING = new RegExp(settingOf(SETTINGS), 'giu');

export type SettingSpan = NameSpan & { key: string; value: string };

/** A pattern of settings by the names that files give them: whatever stands before a number which is one of its values there. */
export function settingPattern(keys: Iterable<string>): RegExp | null {
  const names = [...keys].filter((key) => /^[\p{L}][\p{L}\p{N}_ -]{1,40}$/u.test(key)).map((key) => key.replace(/[_ -]+/g, '[_ -]'));
  return names.length === 0 ? null : new RegExp(settingOf(names.sort((a, b) => b.length - a.length).join('|')), 'giu');
}

/** Settings with their values, `num_ctx=512`, `temperature of 0.4`: they say what was configured. `own`: further names of settings. */
export function settingsIn(text: string, own: RegExp | null = null): SettingSpan[] {
  return [SETTING, ...(own === null ? [] : [own])].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      key: (match.groups?.key ?? '').toLowerCase().replace(/[\s-]+/g, '_'),
      value: match.groups?.value ?? '',
    })),
  );
}

/** Names out of the artifacts that hold digits, in lower case, and the settings that they know. */
export type Known = { has(word: string): boolean; settings?: RegExp | null };

/** Where a text names something with digits in it, so that these state no amount. */
export function namesIn(text: string, known: Known): NameSpan[] {
  const spans: NameSpan[] = settingsIn(text, known.settings ?? null);
  for (const pattern of NAMES)
    for (const match of text.matchAll(pattern))
      if (/\d/.test(match[0])) spans.push({ start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(/(?<![\p{L}\p{N}_.])\d[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu))
    if (known.has(match[0].toLowerCase())) spans.push({ start: match.index, end: match.index + match[0].length });
  return spans;
}
