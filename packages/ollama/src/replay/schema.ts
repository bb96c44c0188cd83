/** A JSON schema, as far as it is followed here: what `z.toJSONSchema` emits. Any key may be absent; unknown keys are passed over. */
export type Schema = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema at `key`; undefined where there is none. `true` is the schema that allows everything. */
export function schemaAt(schema: Schema, key: string): Schema | undefined {
  const value = schema[key];
  if (value === true) return {};
  return isRecord(value) ? value : undefined;
}

export function schemasAt(schema: Schema, key: string): Schema[] {
  const value = schema[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The properties by name, in the order of the schema. */
export function propertiesOf(schema: Schema): [string, Schema][] {
  return Object.entries(schemaAt(schema, 'properties') ?? {}).map(([name, value]) => [name, isRecord(value) ? value : {}]);
}

export function numberIn(schema: Schema, key: string): number | undefined {
  const value = schema[key];
  return typeof value === 'number' ? value : undefined;
}

export function textIn(schema: Schema, key: string): string {
  const value = schema[key];
  return typeof value === 'string' ? value : '';
}

/** The type asked for; of several, the first that is not null; from the other keys where none is named. */
export function typeOf(schema: Schema): string {
  const type = schema.type;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) {
    const types = type.filter((name) => typeof name === 'string');
    return types.find((name) => name !== 'null') ?? types[0] ?? 'string';
  }
  if ('properties' in schema || 'required' in schema) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : 'string';
}

/**
 * The schema with its `$ref` (`#`, `#/$defs/NAME`) followed and its `allOf` merged.
 * Throws an Error for a reference that leads nowhere or round in a circle.
 */
export function resolved(schema: Schema, root: Schema): Schema {
  let current = schema;
  for (let step = 0; typeof current.$ref === 'string'; step += 1) {
    if (step > 100) throw new Error(`The schema's reference ${current.$ref} leads round in a circle.`);
    const { $ref, ...beside } = current;
    current = { ...target(String($ref), root), ...beside };
  }
  const parts = schemasAt(current, 'allOf');
  if (parts.length === 0) return current;
  const { allOf: _, ...own } = current;
  return parts.map((part) => resolved(part, root)).reduce(merged, own);
}

function target(reference: string, root: Schema): Schema {
  if (!reference.startsWith('#')) throw new Error(`The schema's reference ${reference} leaves the document.`);
  let found: unknown = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isRecord(found) ? found[key] : undefined;
  }
  if (!isRecord(found)) throw new Error(`The schema's reference ${reference} leads nowhere.`);
  return found;
}

function merged(a: Schema, b: Schema): Schema {
  const list = (schema: Schema): unknown[] => (Array.isArray(schema.required) ? schema.required : []);
  return {
    ...a,
    ...b,
    ...('properties' in a || 'properties' in b ? { properties: { ...schemaAt(a, 'properties'), ...schemaAt(b, 'properties') } } : {}),
    required: [...new Set([...list(a), ...list(b)])],
  };
}
