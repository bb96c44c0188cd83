/**
 * What a unit measures: values of different dimensions are never equal, whatever their digits. A name with a slash is a rate or a
 * share of one thing in another.
 */
export type UnitDimension =
  | 'time'
  | 'bytes'
  | 'bytes/op'
  | 'bytes/s'
  | 'tokens'
  | 'tokens/s'
  | 'tokens/energy'
  | 'requests/s'
  | 'operations/s'
  | 'items/s'
  | 'allocations/op'
  | 'time/token'
  | 'ratio'
  | 'power'
  | 'energy'
  | 'energy/token'
  | 'frequency'
  | 'voltage'
  | 'current'
  | 'temperature';

/**
 * One unit: a value in it times `times` divided by `over` is in the dimension's own unit. Two numbers, because a division is exact to
 * the last bit where a product with 0.001 is not.
 */
export type UnitDefinition = { dimension: UnitDimension; times: number; over: number };

const unit = (dimension: UnitDimension, times: number, over = 1): UnitDefinition => ({ dimension, times, over });
/**
 * Every unit that is known, as readers spell it. Case tells units apart (`mJ` and `MJ`), and decimal sizes are no binary ones (`GB`,
 * `GiB`). The one table: canonical values are converted by it, and prose is checked by it, in the words that
 * `packages/grounding/src/unit-words.ts` gives each of these names.
 */
export const UNITS = {
  s: unit('time', 1),
  ms: unit('time', 1, 1e3),
  us: unit('time', 1, 1e6),
  ns: unit('time', 1, 1e9),
  ps: unit('time', 1, 1e12),
  min: unit('time', 60),
  h: unit('time', 3600),
  // How long one operation took is a time.
  's/op': unit('time', 1),
  'ms/op': unit('time', 1, 1e3),
  'us/op': unit('time', 1, 1e6),
  'ns/op': unit('time', 1, 1e9),
  'ps/op': unit('time', 1, 1e12),
  bytes: unit('bytes', 1),
  KB: unit('bytes', 1e3),
  MB: unit('bytes', 1e6),
  GB: unit('bytes', 1e9),
  TB: unit('bytes', 1e12),
  KiB: unit('bytes', 2 ** 10),
  MiB: unit('bytes', 2 ** 20),
  GiB: unit('bytes', 2 ** 30),
  TiB: unit('bytes', 2 ** 40),
  'B/op': unit('bytes/op', 1),
  'KB/op': unit('bytes/op', 1e3),
  'MB/op': unit('bytes/op', 1e6),
  'bytes/s': unit('bytes/s', 1),
  'KB/s': unit('bytes/s', 1e3),
  'MB/s': unit('bytes/s', 1e6),
  'GB/s': unit('bytes/s', 1e9),
  'TB/s': unit('bytes/s', 1e12),
  'KiB/s': unit('bytes/s', 2 ** 10),
  'MiB/s': unit('bytes/s', 2 ** 20),
  'GiB/s': unit('bytes/s', 2 ** 30),
  'TiB/s': unit('bytes/s', 2 ** 40),
  tokens: unit('tokens', 1),
  'tok/s': unit('tokens/s', 1),
  'tok/min': unit('tokens/s', 1, 60),
  'tok/s/W': unit('tokens/energy', 1),
  'tok/kWh': unit('tokens/energy', 1, 3.6e6),
  'req/s': unit('requests/s', 1),
  'req/min': unit('requests/s', 1, 60),
  '1/s': unit('operations/s', 1),
  'ops/s': unit('operations/s', 1),
  'ops/ms': unit('operations/s', 1e3),
  'ops/us': unit('operations/s', 1e6),
  'ops/ns': unit('operations/s', 1e9),
  'ops/min': unit('operations/s', 1, 60),
  'ops/h': unit('operations/s', 1, 3600),
  'it/s': unit('operations/s', 1),
  'samples/s': unit('items/s', 1),
  'items/s': unit('items/s', 1),
  'inputs/s': unit('items/s', 1),
  'images/s': unit('items/s', 1),
  'frames/s': unit('items/s', 1),
  'elem/s': unit('items/s', 1),
  'Kelem/s': unit('items/s', 1e3),
  'Melem/s': unit('items/s', 1e6),
  'Gelem/s': unit('items/s', 1e9),
  'allocs/op': unit('allocations/op', 1),
  's/token': unit('time/token', 1),
  'ms/token': unit('time/token', 1, 1e3),
  'us/token': unit('time/token', 1, 1e6),
  'ns/token': unit('time/token', 1, 1e9),
  ratio: unit('ratio', 1),
  '%': unit('ratio', 1, 100),
  W: unit('power', 1),
  mW: unit('power', 1, 1e3),
  kW: unit('power', 1e3),
  J: unit('energy', 1),
  mJ: unit('energy', 1, 1e3),
  kJ: unit('energy', 1e3),
  MJ: unit('energy', 1e6),
  Wh: unit('energy', 3600),
  kWh: unit('energy', 3.6e6),
  'J/token': unit('energy/token', 1),
  'mJ/token': unit('energy/token', 1, 1e3),
  Hz: unit('frequency', 1),
  kHz: unit('frequency', 1e3),
  MHz: unit('frequency', 1e6),
  GHz: unit('frequency', 1e9),
  V: unit('voltage', 1),
  mV: unit('voltage', 1, 1e3),
  A: unit('current', 1),
  mA: unit('current', 1, 1e3),
  '°C': unit('temperature', 1),
} as const satisfies Record<string, UnitDefinition>;

export type UnitName = keyof typeof UNITS;

/** A unit by its name, as readers spell it; null where it is none that is known. */
export function unitNamed(name: string): UnitDefinition | null {
  return isUnitName(name) ? UNITS[name] : null;
}

function isUnitName(name: string): name is UnitName {
  return Object.hasOwn(UNITS, name);
}
