import type { PromptFact } from './facts-in-prompt.ts';
import { numberAnswer, textAnswer } from './scalar-answer.ts';
import { numberIn, propertiesOf, resolved, type Schema, schemaAt, schemasAt, textIn, typeOf } from './schema.ts';
import type { Author } from './sentences.ts';

/** What an answer is made of: the facts that may be referred to, and who writes the prose. */
export interface Material {
  facts: readonly PromptFact[];
  author: Author;
}

/** From here on nothing optional is made: a schema that contains itself must come to an end. */
const DEEP = 8;
const DEEPEST = 60;
const ID_NAME = /^(?:.*_)?(?:facts?|refs?|references?|citations?|ids?)$|(?:Fact|Ref|Id)s?$/;
const ID_LIST_NAME = /^(?:evidence|sources|supports?|supported_by|supportedBy)$/;
const TITLE_NAME = /^(?:title|heading|headline|label|name|topic)$/i;
const ID_TEXT = 'F1';

/**
 * A value that fulfils the schema. Strings are prose by `author`; one whose name, description or pattern says that it is a fact's id
 * is an id. In an object with a list of ids beside its prose, the list names the facts that the prose refers to.
 * Throws an Error for a schema that cannot be fulfilled by these means; the message says why.
 */
export function schemaAnswer(schema: object, material: Material): unknown {
  const root: Schema = { ...schema };
  let next = 0;

  /** The next facts in turn, `count` of them or as many as there are. */
  function take(count: number, among: readonly PromptFact[]): PromptFact[] {
    const taken = Array.from({ length: Math.min(count, among.length) }, (_, index) => among[(next + index) % among.length]);
    next += taken.length;
    return taken.filter((fact) => fact !== undefined);
  }

  function value(given: Schema, name: string, scope: readonly PromptFact[] | null, depth: number): unknown {
    if (depth > DEEPEST) throw new Error('The schema contains itself without an end.');
    const schema = resolved(given, root);
    if ('const' in schema) return schema.const;
    const choices = schema.enum;
    if (Array.isArray(choices)) return choice(choices, scope);
    const branches = [...schemasAt(schema, 'anyOf'), ...schemasAt(schema, 'oneOf')];
    if (branches.length > 0) return value(branch(branches, depth), name, scope, depth + 1);
    switch (typeOf(schema)) {
      case 'object':
        return object(schema, scope, depth);
      case 'array':
        return array(schema, name, scope, depth);
      case 'integer':
      case 'number':
        return numberAnswer(schema, typeOf(schema) === 'integer');
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return text(schema, name, scope);
    }
  }

  /** The first branch that is not null; deep down the first of no list and no object. */
  function branch(branches: readonly Schema[], depth: number): Schema {
    const known = branches.map((each) => resolved(each, root));
    const plain = depth > DEEP ? known.find((each) => !['object', 'array'].includes(typeOf(each))) : undefined;
    return plain ?? known.find((each) => each.type !== 'null') ?? known[0] ?? {};
  }

  function choice(choices: readonly unknown[], scope: readonly PromptFact[] | null): unknown {
    const ids = choices.filter((id) => (scope ?? material.facts).some((fact) => fact.id === id));
    return ids.length > 0 ? ids[next++ % ids.length] : choices[0];
  }

  function text(schema: Schema, name: string, scope: readonly PromptFact[] | null): string {
    const among = scope ?? material.facts;
    const most = numberIn(schema, 'maxLength') ?? Number.POSITIVE_INFINITY;
    if (isId(schema, name))
      return textAnswer(schema, [(scope === null ? take(1, among) : scope)[0]?.id ?? ID_TEXT, material.facts[0]?.id ?? ID_TEXT]);
    if (TITLE_NAME.test(name)) return textAnswer(schema, [material.author.title(scope ?? take(1, among))]);
    const facts = scope ?? take(1, among);
    let prose = material.author.sentence(facts, most);
    while (prose.length < (numberIn(schema, 'minLength') ?? 0)) {
      const more = material.author.sentence(facts, most - prose.length - 1);
      if (more === '') break;
      prose = `${prose} ${more}`;
    }
    return textAnswer(schema, [prose]);
  }

  function array(schema: Schema, name: string, scope: readonly PromptFact[] | null, depth: number): unknown[] {
    const prefix = schemasAt(schema, 'prefixItems').map((each) => value(each, name, scope, depth + 1));
    const items = schemaAt(schema, 'items');
    const least = numberIn(schema, 'minItems') ?? 0;
    const most = numberIn(schema, 'maxItems') ?? Number.POSITIVE_INFINITY;
    const count = items === undefined || schema.items === false ? prefix.length : Math.max(least, Math.min(most, depth > DEEP ? 0 : 2));
    if (items !== undefined && isIdList(schema, name)) return ids(schema, items, scope ?? take(Math.max(1, count), material.facts));
    const rest = Array.from({ length: Math.max(0, count - prefix.length) }, () => value(items ?? {}, name, scope, depth + 1));
    return [...prefix, ...rest];
  }

  /** These ids, as many as the list must and may have. */
  function ids(schema: Schema, items: Schema, facts: readonly PromptFact[]): string[] {
    const least = numberIn(schema, 'minItems') ?? 0;
    const most = numberIn(schema, 'maxItems') ?? Number.POSITIVE_INFINITY;
    const given = facts.length === 0 && least > 0 ? [ID_TEXT] : facts.map(({ id }) => id);
    const filled = Array.from(
      { length: Math.min(most, Math.max(least, given.length)) },
      (_, index) => given[index % given.length] ?? ID_TEXT,
    );
    const item = resolved(items, root);
    const allowed = Array.isArray(item.enum) ? item.enum : undefined;
    return filled.map((id) => (allowed === undefined || allowed.includes(id) ? textAnswer(item, [id]) : String(allowed[0])));
  }

  function object(schema: Schema, scope: readonly PromptFact[] | null, depth: number): Record<string, unknown> {
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const wanted = propertiesOf(schema).filter(([name]) => required.has(name));
    const list = wanted.find(([name, each]) => isIdList(each, name));
    const inner = list !== undefined ? factsFor(resolved(list[1], root)) : (factOf(wanted) ?? scope);
    const made = wanted
      .filter((each) => each !== list)
      .map(([name, each]): [string, unknown] => [name, value(each, name, inner, depth + 1)]);
    const answer: Record<string, unknown> = Object.fromEntries(made);
    if (list === undefined) return answer;
    const said = new Set(JSON.stringify(made).match(/(?<=\{\{)F\d+(?=\}\})/g));
    const used = (inner ?? []).filter(({ id }) => said.has(id));
    const listSchema = resolved(list[1], root);
    const named = ids(listSchema, schemaAt(listSchema, 'items') ?? {}, used.length > 0 ? used : (inner ?? []));
    return Object.fromEntries(wanted.map(([name]) => [name, name === list[0] ? named : answer[name]]));
  }

  /** The facts that an object's prose is about: as many as its list of ids must have, at least one. */
  function factsFor(list: Schema): PromptFact[] {
    const allowed = resolved(schemaAt(list, 'items') ?? {}, root).enum;
    const among = Array.isArray(allowed) ? material.facts.filter(({ id }) => allowed.includes(id)) : material.facts;
    return take(Math.max(1, numberIn(list, 'minItems') ?? 1), among);
  }

  /** The fact of an object that names one beside its prose; null where it names none. */
  function factOf(wanted: readonly [string, Schema][]): PromptFact[] | null {
    const one = wanted.find(([name, each]) => isId(resolved(each, root), name));
    if (one === undefined) return null;
    const allowed = resolved(one[1], root).enum;
    return take(1, Array.isArray(allowed) ? material.facts.filter(({ id }) => allowed.includes(id)) : material.facts);
  }

  function isIdList(given: Schema, name: string): boolean {
    const schema = resolved(given, root);
    const items = schemaAt(schema, 'items');
    return (
      typeOf(schema) === 'array' &&
      items !== undefined &&
      (isId(resolved(items, root), name) || (ID_LIST_NAME.test(name) && isBareText(resolved(items, root))))
    );
  }

  function isBareText(schema: Schema): boolean {
    return typeOf(schema) === 'string' && !('enum' in schema) && !('const' in schema) && !('anyOf' in schema);
  }

  function isId(schema: Schema, name: string): boolean {
    if (typeOf(schema) !== 'string' || 'const' in schema || 'anyOf' in schema || 'oneOf' in schema) return false;
    const allowed = schema.enum;
    if (Array.isArray(allowed)) return allowed.length > 0 && allowed.every((each) => typeof each === 'string' && /^F\d+$/.test(each));
    const pattern = textIn(schema, 'pattern');
    if (pattern !== '') return new RegExp(pattern, 'u').test('F12') && !new RegExp(pattern, 'u').test('The throughput is good.');
    return ID_NAME.test(name) || /\b(?:fact'?s?|reference) ids?\b|\bids? of (?:a |the )?facts?\b/i.test(textIn(schema, 'description'));
  }

  return value(root, '', null, 0);
}
