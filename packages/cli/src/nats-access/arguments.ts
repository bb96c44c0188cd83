import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { '': 1, KB: 1_024, MB: 1_048_576, GB: 1_073_741_824, TB: 1_099_511_627_776 };
const SECONDS: Readonly<Record<string, number>> = { h: 3_600, d: 86_400, w: 604_800 };

/** `10GB`, `500MB` or a number of bytes, in nats-server's own units of 1024. */
export function bytes(given: string): number {
  const [, number = '', unit = ''] = /^(\d{1,15})\s*([KMGT]B)?$/i.exec(given.trim()) ?? [];
  const value = Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (number === '' || !Number.isSafeInteger(value) || value < 1_048_576)
    throw new InvalidArgumentError('give a size such as 500MB or 10GB, of 1MB at least.');
  return value;
}

/** `90d`, `12h` or `4w`, in seconds. */
export function duration(given: string): number {
  const [, number = '', unit = ''] = /^([1-9]\d{0,4})([hdw])$/.exec(given) ?? [];
  if (number === '') throw new InvalidArgumentError('give a time such as 90d, 12h or 4w.');
  return Number(number) * (SECONDS[unit] ?? Number.NaN);
}

export function port(given: string): number {
  const value = Number(given);
  if (!/^\d{1,5}$/.test(given) || value < 1 || value > 65_535) throw new InvalidArgumentError('give a port between 1 and 65535.');
  return value;
}

/** A host, or `host:port`: what stands in the server's configuration between quotation marks, and ends it nowhere. */
export function host(given: string): string {
  if (!/^[A-Za-z0-9.:[\]_-]+$/.test(given)) throw new InvalidArgumentError('give the name or address of a host.');
  return given;
}

/** Where the server tells of itself over HTTP, or `none`. */
export function monitor(given: string): string {
  if (given === 'none') return given;
  if (!/:\d{1,5}$/.test(given)) throw new InvalidArgumentError('give host:port, such as 127.0.0.1:8222, or none.');
  return host(given);
}

/** A path that stands in the server's configuration. */
export function serverPath(given: string): string {
  if (!/^\/[^\p{C}"\\$]*$/u.test(given))
    throw new InvalidArgumentError('give an absolute path, as the server sees it, without quotation marks, "\\" and "$".');
  return given;
}

/** A subject of NATS, which may be a pattern, and none of the server's own or of Chimera's messages. */
export function eventsSubject(given: string): string {
  const ours = /^chimera\.(?!bucket\.)/.test(given);
  if (ours || !/^[A-Za-z0-9_-]+(\.(\*|[A-Za-z0-9_=-]+))*(\.>)?$/.test(given))
    throw new InvalidArgumentError('give a subject of NATS such as minio.events or chimera.bucket.v1.changed.>.');
  return given;
}

/** Collects an option that may be given several times. */
export function several(given: string, before: string[] = []): string[] {
  if (given.trim() === '') throw new InvalidArgumentError('give a name.');
  return [...before, given.trim()];
}
