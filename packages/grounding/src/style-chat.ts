/** How assistants begin: what only one who is spoken to would say. */
const OPENER = new RegExp(
  String.raw`^[\s*_>"'\u201c#]*(?:${[
    String.raw`(?:ok|okay|sure|sure thing|certainly|of course|absolutely|definitely|great|great question|good question|alright|all right|right|got it|understood|no problem|perfect|excellent|well|yes|no)\s*(?:[,!:\u2014\u2013]|\.\s|\.$|-\s)`,
    String.raw`(?:okay|sure|certainly|alright),? (?:here|let|i|this|the following)\b`,
    String.raw`(?:hello|hi|hey|greetings|thank you|thanks|welcome)\b`,
    String.raw`(?:here (?:is|are)|here['\u2019]s|below (?:is|are)|the following is) (?:a |an |the |my |your |some )?(?:\w+ ){0,3}(?:summary|analysis|report|section|answer|response|overview|json|sentences?|list|breakdown|version|rewrite|rewritten|revised|corrected)\b`,
    String.raw`(?:let['\u2019]s|let us|let me|i['\u2019]ll|i will|i['\u2019]ve|i have|i['\u2019]m|i am|i can|i cannot|i can['\u2019]t|i would|i['\u2019]d|i think|i believe|i hope)\b`,
    String.raw`as (?:requested|you (?:asked|requested)|per your)\b`,
    String.raw`(?:based on|given|according to) (?:the |your )(?:prompt|instructions?|request|question)\b`,
    String.raw`(?:assistant|user|system|response|answer|output)\s*:`,
  ].join('|')})`,
  'i',
);

/** What assistants say to the person before them, wherever it stands. */
const TALK = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${[
    'would you like|do you want|shall i|should i|may i|can i help|how can i|what would you',
    String.raw`let me know|feel free to|(?:don['\u2019]t|do not) hesitate|happy to help|glad to help|i(?:['\u2019]d| would) be (?:happy|glad)|happy to (?:provide|assist|answer|elaborate)`,
    '(?:i )?hope (?:this|that|it) (?:helps|is helpful|meets|clarifies|answers)',
    String.raw`if you have any|if you(?: would|['\u2019]d)? (?:need|want|like|wish) (?:me|more|any|further|additional|help|assistance|to (?:know|see|discuss|explore))|you['\u2019]d like me|like me to|want me to|need me to`,
    'any (?:other|further|more|additional) questions?|(?:please|kindly) (?:provide|share|let me|tell me|note that i|clarify|confirm|ask)',
    String.raw`(?:as|i am|i['\u2019]m) an? (?:ai|artificial intelligence|large language model|language model|assistant|chatbot|helpful assistant)`,
    '(?:my|your) (?:training data|knowledge cutoff|previous (?:response|answer|message)|instructions|request)|in this (?:conversation|chat)',
    'ignore (?:all |any )?(?:the )?(?:previous|prior|above) (?:instructions|rules|facts)',
    String.raw`(?:i apologi[sz]e|apologies|i['\u2019]m sorry|i am sorry|sorry for)`,
    '(?:prompt|json|schema) (?:you (?:gave|provided)|as requested)|the (?:provided|given|above) (?:schema|instructions)',
  ].join('|')})(?![\p{L}\p{N}])`,
  'iu',
);

/** What a sentence says to a person in a chat, where a report speaks of what was measured; null where it says nothing of the kind. */
export function chatIn(words: string): string | null {
  const plain = words.replaceAll('**', '');
  const opener = OPENER.exec(plain);
  if (opener) return `opens like a chat ("${excerpt(opener[0])}")`;
  const talk = TALK.exec(plain);
  return talk ? `talks to its reader ("${excerpt(talk[0])}")` : null;
}

function excerpt(text: string): string {
  return text
    .replace(/[\s*_>"'#]+/g, ' ')
    .trim()
    .slice(0, 40);
}
