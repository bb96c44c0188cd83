import type { IOptions } from 'sanitize-html';

/** Attribute → the values it may have. */
type Attributes = Readonly<Record<string, RegExp>>;

const TIP_ID = /^t\d+$/;
const FACT_ID = /^f\d+$/;

/** What html.ts writes, and nothing else: each tag with its attributes. No address but a place on the page itself. */
const ALLOWED: Readonly<Record<string, Attributes>> = {
  ...Object.fromEntries(
    ['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'ul', 'ol', 'li', 'blockquote', 'br', 'code', 'strong', 'sup'].map((t) => [t, {}]),
  ),
  ...Object.fromEntries(['table', 'thead', 'tbody', 'tr', 'th', 'td'].map((t) => [t, {}])),
  a: { class: /^fact$/, href: /^#f\d+$/, 'aria-describedby': TIP_ID },
  span: { class: /^(?:value|record|tip)$/, tabindex: /^0$/, role: /^tooltip$/, id: TIP_ID, 'aria-describedby': TIP_ID },
  div: { class: /^evidence$/, id: FACT_ID },
};

/**
 * The allow list for a page's body, as the library takes it. Attributes are looked at by value first, by name then.
 * Text within a tag that is not allowed stays, as text; of script, style and the like nothing does.
 */
const OPTIONS: IOptions = {
  allowedTags: Object.keys(ALLOWED),
  allowedAttributes: Object.fromEntries(Object.entries(ALLOWED).map(([tag, attributes]) => [tag, Object.keys(attributes)])),
  allowedSchemes: [],
  allowedSchemesAppliedToAttributes: ['href', 'src', 'cite', 'action', 'formaction', 'srcset', 'background', 'poster', 'data'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  parseStyleAttributes: false,
  transformTags: {
    '*': (tagName, attribs) => {
      const allowed = Object.hasOwn(ALLOWED, tagName) ? (ALLOWED[tagName] ?? {}) : {};
      return {
        tagName,
        attribs: Object.fromEntries(
          Object.entries(attribs).filter(([name, value]) => Object.hasOwn(allowed, name) && allowed[name]?.test(value)),
        ),
      };
    },
  },
};

/**
 * Takes out of a rendered body whatever html.ts does not write. A second wall: html.ts escapes every text, so that there is
 * nothing to take out, and the body comes back as it was. The library is loaded when a page is first printed.
 */
export async function sanitisedBody(body: string): Promise<string> {
  const { default: sanitize } = await import('sanitize-html');
  return sanitize(body, OPTIONS);
}
