import type { Content } from '../content.ts';
import { firstObject } from '../documents.ts';
import { objectAt, plainNumber, textOf } from '../fields.ts';
import { isObject } from '../json-value.ts';
import { Refusal } from '../refusal.ts';
import type { Format } from './format.ts';

/** Events of a list that are looked at. */
const EVENTS = 20;

/** What Chrome, PyTorch's profiler and Perfetto write: declined. */
export const chromeTrace: Format = {
  name: 'chrome-trace',
  tool: 'the profilers of Chrome and PyTorch',
  signature: 'an object with a list `traceEvents`, or a list of events with `ph`, `ts` and `pid`',
  detect: isTrace,
  read(content) {
    const kineto = firstObject(content);
    const of = kineto !== null && Object.hasOwn(kineto, 'deviceProperties') ? "PyTorch's profiler" : 'a profiler (Chrome trace)';
    throw new Refusal(`a profile, not a result: events of ${of}, of which none is a measurement of a benchmark`);
  },
  fields: {},
  labels: {},
  notes: ['It is declined: a profile says where time went in one run, and is no result of a benchmark.'],
};

/** What browsers record of a page's requests: declined. */
export const har: Format = {
  name: 'har',
  tool: 'browsers (HTTP archive)',
  signature: '`log.version` and a list `log.entries`',
  detect(content) {
    const log = objectAt(firstObject(content) ?? {}, 'log');
    return textOf(log.version) !== null && Array.isArray(log.entries);
  },
  read() {
    throw new Refusal('a profile, not a result: requests that a browser recorded (HTTP archive), and no benchmark');
  },
  fields: {},
  labels: {},
  notes: ['It is declined: it holds what a browser asked for, and may hold its cookies.'],
};

function isTrace(content: Content): boolean {
  const first = firstObject(content);
  if (first !== null && Object.hasOwn(first, 'traceEvents')) return Array.isArray(first.traceEvents);
  const events = eventsOf(content);
  // Events that only name a process have no time: one that has is enough, if all are events.
  return events.length > 0 && events.every(isEvent) && events.some((event) => isObject(event) && plainNumber(event.ts) !== null);
}

function eventsOf(content: Content): readonly unknown[] {
  if (content.shape === 'jsonl') return content.lines.slice(0, EVENTS).map(({ value }) => value);
  return content.shape === 'json' && Array.isArray(content.value) ? content.value.slice(0, EVENTS) : [];
}

function isEvent(event: unknown): boolean {
  const phase = isObject(event) && Object.hasOwn(event, 'pid') ? textOf(event.ph) : null;
  return phase !== null && phase.length === 1;
}
