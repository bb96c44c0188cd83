import type { Truth } from './truth.ts';

const FAMILIES =
  /^(?:gemma|llama|codellama|tinyllama|qwen|mistral|mixtral|ministral|codestral|phi|gpt|claude|deepseek|falcon|olmo|granite|yi|command|smollm|stablelm|vicuna|zephyr|starcoder|nemotron|gemini|grok|glm|internlm|baichuan|mpt|bloom|opt|dolly|solar|aya|exaone)/i;
const PARTED = new RegExp(`\\b${FAMILIES.source.slice(1)}[\\s-]+(\\d+(?:\\.\\d+)?[bBmM])\\b`, 'gi');
const TOKEN = /(?<![\w./\\-])[A-Za-z][\w.]*(?:[-:/][\w.]+)*/g;

/** A model that a text names and no artifact knows; null where it names none. What is no model's name is not looked at. */
export function unknownModelIn(text: string, truth: Truth): string | null {
  for (const match of text.matchAll(PARTED)) {
    const words = match[0].toLowerCase().match(/[\p{L}\p{N}.]+/gu) ?? [];
    if (![...truth.names].some((name) => words.every((word) => name.includes(word))) && !truth.names.has(words.at(-1) ?? ''))
      return match[0];
  }
  for (const [token] of text.matchAll(TOKEN)) {
    const pieces = token.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const isModel = pieces.some((piece) => /^\d+[bm]$/.test(piece)) || (FAMILIES.test(token) && /\d/.test(token));
    if (!isModel || /\.(?:csv|json|jsonl|md|txt|log|gguf)$/i.test(token)) continue;
    if (pieces.some((piece) => /\d/.test(piece) && /\p{L}/u.test(piece) && !truth.names.has(piece))) return token;
    const [version] = /^[a-z][a-z-]*\d+\.\d+/i.exec(token) ?? [];
    if (version !== undefined && !truth.versions.has(version.toLowerCase())) return token;
  }
  return null;
}

const PLAIN = new Set(
  `a an the in for and or of with on at over under from to by per as is was are were be been than then while when where which that this these those it its
  versus vs against but not no only about during across within between both each all after before because so if also respectively total overall average mean median
  minimum maximum min max peak lowest highest best worst faster slower higher lower better more less compared times using via through value values result results n
  i e g model models file files run runs sample samples measured reported observed recorded`.split(/\s+/),
);

/** The word right behind a number without a unit that may be a unit nobody knows: `0.05 parsecs`; null where it is a plain word. */
export function unknownUnitBehind(noun: string, isNamed: (word: string) => boolean): string | null {
  const [word = ''] = noun.split(/[\s\u00a0]+/);
  return word === '' || PLAIN.has(word) || isNamed(word) ? null : word;
}
