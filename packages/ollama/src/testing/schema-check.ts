import { numberIn, propertiesOf, resolved, type Schema, schemaAt, schemasAt, textIn } from '../replay/schema.ts';

/** A second, independent reading of a JSON schema: where `value` does not fulfil it, as sentences; empty when it does. */
export function schemaFaults(schema: object, value: unknown): string[] {
  const root: Schema = { ...schema };

  function faults(given: Schema, value: unknown, at: string): string[] {
    const schema = resolved(given, root);
    const found: string[] = [];
    const say = (what: string): void => {
      found.push(`${at === '' ? '/' : at}: ${what}, got ${JSON.stringify(value)}`);
    };
    if ('const' in schema && schema.const !== value) say('is not the constant');
    if (Array.isArray(schema.enum) && !schema.enum.includes(value)) say('is not in the enumeration');
    for (const key of ['anyOf', 'oneOf'] as const) {
      const branches = schemasAt(schema, key);
      const passing = branches.filter((branch) => faults(branch, value, at).length === 0).length;
      if (branches.length > 0 && (key === 'anyOf' ? passing === 0 : passing !== 1)) say(`${passing} branches of ${key} hold`);
    }
    const types = [schema.type].flat().filter((type) => type !== undefined);
    if (types.length > 0 && !types.includes(jsonType(value)) && !(types.includes('number') && jsonType(value) === 'integer'))
      say(`is no ${types.join(' or ')}`);
    if (typeof value === 'string') {
      const length = [...value].length;
      if (length < (numberIn(schema, 'minLength') ?? 0)) say('is too short');
      if (length > (numberIn(schema, 'maxLength') ?? length)) say('is too long');
      const pattern = textIn(schema, 'pattern');
      if (pattern !== '' && !new RegExp(pattern, 'u').test(value)) say(`does not match ${pattern}`);
    }
    if (typeof value === 'number') {
      if (value < (numberIn(schema, 'minimum') ?? value) || value > (numberIn(schema, 'maximum') ?? value)) say('is out of bounds');
      if (value === numberIn(schema, 'exclusiveMinimum') || value < (numberIn(schema, 'exclusiveMinimum') ?? value)) say('is too small');
      if (value === numberIn(schema, 'exclusiveMaximum') || value > (numberIn(schema, 'exclusiveMaximum') ?? value)) say('is too large');
    }
    if (Array.isArray(value)) {
      if (value.length < (numberIn(schema, 'minItems') ?? 0)) say('has too few items');
      if (value.length > (numberIn(schema, 'maxItems') ?? value.length)) say('has too many items');
      const prefix = schemasAt(schema, 'prefixItems');
      value.forEach((item, index) => {
        const each = prefix[index] ?? schemaAt(schema, 'items');
        if (each !== undefined) found.push(...faults(each, item, `${at}/${index}`));
        else if (schema.items === false) say('has more items than it may');
      });
    } else if (typeof value === 'object' && value !== null) {
      const properties = propertiesOf(schema);
      for (const name of Array.isArray(schema.required) ? schema.required : []) if (!(String(name) in value)) say(`lacks ${String(name)}`);
      for (const [name, each] of properties) if (name in value) found.push(...faults(each, Reflect.get(value, name), `${at}/${name}`));
      const known = new Set(properties.map(([name]) => name));
      if (schema.additionalProperties === false) for (const name of Object.keys(value)) if (!known.has(name)) say(`has ${name} besides`);
    }
    return found;
  }

  return faults(root, value, '');
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
