import { type DefaultTreeAdapterMap, parse } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** What a page may hold, written down here once more: the page is read as browsers read it, and looked at by nobody who wrote it. */
const PLAIN = new Set('h1 h2 h3 h4 h5 h6 p ul ol li table thead tbody tr th td strong code sup blockquote br'.split(' '));
const WITH_ATTRIBUTES: Record<string, RegExp> = {
  a: /^class=fact href=#f\d+( aria-describedby=t\d+)?$/,
  span: /^(class=value|class=record tabindex=0 aria-describedby=t\d+|class=tip role=tooltip id=t\d+)$/,
  div: /^class=evidence id=f\d+$/,
};
const HEAD: Record<string, RegExp> = {
  meta: /^(charset=utf-8|name=(viewport|generator) content=[\w :,=/.-]+|http-equiv=Content-Security-Policy content=default-src 'none'; [^"]+)$/,
  title: /^$/,
  style: /^$/,
};

/** All that a page holds and should not: tags, attributes, comments, foreign documents. None in a good page. */
export function faultsOf(html: string): string[] {
  const elements = elementsOf(html);
  const faults = elements.flatMap(({ element, inHead }) => {
    const { tagName, attrs, namespaceURI } = element;
    const attributes = attrs.map(({ name, value }) => `${name}=${value}`).join(' ');
    const spelt = `<${tagName} ${attributes}>`;
    if (namespaceURI !== 'http://www.w3.org/1999/xhtml') return [`foreign ${spelt}`];
    if (tagName === 'html') return attributes === 'lang=en' ? [] : [spelt];
    if (tagName === 'head' || tagName === 'body') return attributes === '' ? [] : [spelt];
    if (inHead) return HEAD[tagName]?.test(attributes) ? [] : [spelt];
    if (PLAIN.has(tagName)) return attributes === '' ? [] : [spelt];
    return WITH_ATTRIBUTES[tagName]?.test(attributes) ? [] : [spelt];
  });
  const ids = elements.flatMap(({ element }) => attributeOf(element, 'id') ?? []);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `id ${id} twice`);
  const pointers = elements.flatMap(({ element }) => [attributeOf(element, 'href')?.slice(1), attributeOf(element, 'aria-describedby')]);
  const nowhere = pointers.flatMap((id) => (id === undefined || ids.includes(id) ? [] : [`no element has the id ${id}`]));
  return [...faults, ...twice, ...nowhere, ...commentsOf(html)];
}

/** The numbers of a page that lead to a fact: the text as printed, the fact's name, and what the tooltip says. */
export function factsIn(html: string): { text: string; fact: string; tip: string }[] {
  const elements = elementsOf(html).map(({ element }) => element);
  const tips = new Map(elements.flatMap((e) => (attributeOf(e, 'role') === 'tooltip' ? [[attributeOf(e, 'id'), textOf(e)] as const] : [])));
  return elements
    .filter(({ tagName }) => tagName === 'a')
    .map((link) => {
      const name = link.childNodes.find((node) => node.nodeName === 'sup');
      const fact = name === undefined ? '' : textOf(name);
      return { text: textOf(link).slice(0, -fact.length), fact, tip: tips.get(attributeOf(link, 'aria-describedby')) ?? '' };
    });
}

/** The text of a page's body, as a reader has it. */
export function bodyTextOf(html: string): string {
  return elementsOf(html)
    .filter(({ element }) => element.tagName === 'body')
    .map(({ element }) => textOf(element))
    .join('');
}

function elementsOf(html: string): { element: Element; inHead: boolean }[] {
  const found: { element: Element; inHead: boolean }[] = [];
  const walk = (node: Node, inHead: boolean) => {
    if ('tagName' in node) found.push({ element: node, inHead });
    const inside = inHead || node.nodeName === 'head';
    if ('content' in node) walk(node.content, inside);
    if ('childNodes' in node) for (const child of node.childNodes) walk(child, inside);
  };
  walk(parse(html, { scriptingEnabled: false }), false);
  return found;
}

function commentsOf(html: string): string[] {
  const found: string[] = [];
  const walk = (node: Node) => {
    if (node.nodeName === '#comment' && 'data' in node) found.push(`comment ${node.data}`);
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  walk(parse(html));
  return found;
}

function attributeOf(element: Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}
