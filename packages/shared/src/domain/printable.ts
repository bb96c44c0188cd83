// What a terminal may take for an order and JSON leaves as it is: DEL and the second half of the control characters, the
// separators that end a line for some, and the marks that turn the direction of writing.
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE.source, 'g');

/** The same JSON, with nothing in its texts that a terminal would act on: such characters are written as `\\uHHHH`. */
export function printableJson(json: string): string {
  if (!UNPRINTABLE.test(json)) return json;
  return json.replace(ALL_UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
