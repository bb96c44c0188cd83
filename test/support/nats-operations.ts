import { ROLES, type Role } from '@chimera/shared/access';

/**
 * What can be tried over NATS, by hand and not from the table that is under test: a subject, whether it is published to or listened
 * on, and who alone may. `USER` stands for the one who tries.
 */
export type Operation = { group: string; what: string; how: 'publish' | 'subscribe'; subject: string; may: readonly Role[] };

const AGENTS = ['collector', 'insight'] as const;
const SERVICES = ['ingest', ...AGENTS, 'reporter'] as const;
const MAKERS = ['ingest', 'admin'] as const;
const EVERYBODY = [...SERVICES, 'admin'] as const;

/** The model whose work the users of the test may take, and how a durable spells it. */
export const MODEL = 'gemma3:latest';
const TOKEN = 'gemma3=3Alatest';

const all: Operation[] = [];
const add = (group: string, how: Operation['how'], what: string, subject: string, may: readonly Role[]) =>
  all.push({ group, what, how, subject, may });

const messages: [string, string, readonly Role[]][] = [
  ['inventory.published', 'chimera.inventory.v1.published.bucket', ['ingest']],
  ['analysis.requested of collector', `chimera.analysis.v1.requested.collector.${TOKEN}`, ['collector']],
  ['analysis.requested of insight', `chimera.analysis.v1.requested.insight.${TOKEN}`, ['insight']],
  ['analysis.requested of insight, template', 'chimera.analysis.v1.requested.insight.=00', ['insight']],
  ['analysis.completed of collector', 'chimera.analysis.v1.completed.collector', ['collector']],
  ['analysis.completed of insight', 'chimera.analysis.v1.completed.insight', ['insight']],
  ['report.published', 'chimera.report.v1.published.bucket', ['reporter']],
  ['dead letter of events', 'chimera.dead.v1.chimera_events', ['collector', 'insight', 'reporter']],
  ['reading.requested', 'chimera.reading.v1.requested.0123456789abcdef', ['ingest']],
  // What has ended five processes, a model's request or an artifact.
  ['dead letter of work', 'chimera.dead.v1.chimera_work', ['ingest', ...AGENTS]],
];
for (const [what, subject, may] of messages) add('messages', 'publish', `publish ${what}`, subject, [...may, 'admin']);
add('messages', 'publish', 'publish a request for a model that is not theirs', 'chimera.analysis.v1.requested.collector.other', ['admin']);
add('messages', 'publish', 'publish on a subject that nobody has', 'chimera.anything', []);

const durables: [string, string, string, readonly Role[]][] = [
  ['chimera_events', 'collector_planner', 'chimera.inventory.v1.published.*', ['collector']],
  ['chimera_events', 'insight_planner', 'chimera.inventory.v1.published.*', ['insight']],
  ['chimera_events', 'reporter_inventory', 'chimera.inventory.v1.published.*', ['reporter']],
  ['chimera_events', 'reporter_analysis', 'chimera.analysis.v1.completed.*', ['reporter']],
  ['chimera_work', 'ingest_reader', 'chimera.reading.v1.requested.*', ['ingest']],
  ['chimera_work', `collector_worker_${TOKEN}`, `chimera.analysis.v1.requested.collector.${TOKEN}`, ['collector']],
  ['chimera_work', 'collector_worker_=00', 'chimera.analysis.v1.requested.collector.=00', ['collector']],
  ['chimera_work', `insight_worker_${TOKEN}`, `chimera.analysis.v1.requested.insight.${TOKEN}`, ['insight']],
  ['chimera_work', 'insight_worker_=00', 'chimera.analysis.v1.requested.insight.=00', ['insight']],
  ['chimera_work', 'collector_worker_other', 'chimera.analysis.v1.requested.collector.other', []],
];
for (const [stream, durable, filter, may] of durables) {
  add('durables', 'publish', `make ${durable}`, `$JS.API.CONSUMER.CREATE.${stream}.${durable}.${filter}`, may);
  add('durables', 'publish', `pull from ${durable}`, `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, may);
  add('durables', 'publish', `acknowledge for ${durable}`, `$JS.ACK.${stream}.${durable}.1.1.1.1.0`, may);
  add('durables', 'publish', `remove ${durable}`, `$JS.API.CONSUMER.DELETE.${stream}.${durable}`, ['admin']);
}
add('durables', 'publish', 'widen a durable of their own', '$JS.API.CONSUMER.CREATE.chimera_events.collector_planner.chimera.>', []);
add('durables', 'publish', 'a durable without a filter', '$JS.API.CONSUMER.CREATE.chimera_events.collector_planner', []);
add('durables', 'publish', 'a consumer without a name', '$JS.API.CONSUMER.CREATE.chimera_events', []);
add('durables', 'publish', 'a durable the old way', '$JS.API.CONSUMER.DURABLE.CREATE.chimera_events.collector_planner', []);

const buckets: [string, readonly Role[], readonly Role[]][] = [
  ['chimera_current', ['ingest'], [...SERVICES]],
  ['chimera_leases', ['ingest'], ['ingest']],
  ['chimera_joins', [...AGENTS, 'reporter'], [...AGENTS, 'reporter']],
  ['chimera_reports', ['reporter'], ['reporter']],
  ['chimera_slots', [...AGENTS], [...AGENTS]],
  ['chimera_servers', [...AGENTS], [...AGENTS]],
];
for (const [bucket, writers, readers] of buckets) {
  add('buckets', 'publish', `read ${bucket}`, `$JS.API.STREAM.MSG.GET.KV_${bucket}`, [...readers, 'admin']);
  add('buckets', 'publish', `read ${bucket} directly`, `$JS.API.DIRECT.GET.KV_${bucket}.$KV.${bucket}.key`, []);
  add('buckets', 'publish', `write into ${bucket}`, `$KV.${bucket}.key`, [...writers, 'admin']);
  add('buckets', 'publish', `empty ${bucket}`, `$JS.API.STREAM.PURGE.KV_${bucket}`, [...writers, 'admin']);
}
add('buckets', 'publish', 'put a blob', '$O.chimera_blobs.C.abc', EVERYBODY);
add('buckets', 'publish', 'find a blob', '$JS.API.STREAM.MSG.GET.OBJ_chimera_blobs', EVERYBODY);
add('buckets', 'publish', 'read a bucket that nobody has', '$JS.API.STREAM.MSG.GET.KV_other', []);

const kept = ['chimera_events', 'chimera_work', 'chimera_dead', ...buckets.map(([bucket]) => `KV_${bucket}`), 'OBJ_chimera_blobs'];
for (const stream of kept) {
  add('streams', 'publish', `make ${stream}`, `$JS.API.STREAM.CREATE.${stream}`, MAKERS);
  add('streams', 'publish', `change ${stream}`, `$JS.API.STREAM.UPDATE.${stream}`, MAKERS);
  add('streams', 'publish', `remove ${stream}`, `$JS.API.STREAM.DELETE.${stream}`, ['admin']);
  add('streams', 'publish', `thin out ${stream}`, `$JS.API.STREAM.MSG.DELETE.${stream}`, ['admin']);
}
for (const stream of ['chimera_events', 'chimera_work', 'chimera_dead']) {
  add('streams', 'publish', `look at ${stream}`, `$JS.API.STREAM.INFO.${stream}`, EVERYBODY);
  add('streams', 'publish', `read any message of ${stream}`, `$JS.API.STREAM.MSG.GET.${stream}`, ['admin']);
  add('streams', 'publish', `empty ${stream}`, `$JS.API.STREAM.PURGE.${stream}`, ['admin']);
}
for (const what of [
  'STREAM.CREATE.copy',
  'STREAM.LIST',
  'STREAM.NAMES',
  'STREAM.SNAPSHOT.chimera_events',
  'STREAM.RESTORE.copy',
  'META.LEADER.STEPDOWN',
])
  add('streams', 'publish', `ask for ${what}`, `$JS.API.${what}`, []);

const heard: [string, string, readonly Role[]][] = [
  ['inventories', 'chimera.inventory.v1.published.*', [...AGENTS, 'admin']],
  ['requests of collector', 'chimera.analysis.v1.requested.collector.*', ['collector', 'admin']],
  ['requests of insight', 'chimera.analysis.v1.requested.insight.*', ['insight', 'admin']],
  ['analyses', 'chimera.analysis.v1.completed.*', ['admin']],
  ['reports', 'chimera.report.v1.published.*', ['admin']],
  ['dead letters', 'chimera.dead.v1.*', ['admin']],
  ['progress', 'chimera.progress.v1.*.*', ['admin']],
  ['slots', 'chimera.slot.v1.wanted.*.*', [...AGENTS, 'admin']],
  ['changes in the bucket', 'chimera.bucket.v1.changed.>', ['ingest', 'admin']],
  ['what became of readings', 'chimera.reading.v1.told.*.*', ['ingest']],
  ['everything', '>', []],
  ['everything of Chimera', 'chimera.>', []],
  ['writes into buckets', '$KV.>', []],
  ['the server itself', '$SYS.>', []],
  ['what JetStream is asked', '$JS.>', []],
  ['what JetStream tells', '$JS.EVENT.>', []],
  ['the usual inboxes', '_INBOX.>', []],
  ['all inboxes', '*.>', []],
];
for (const [what, subject, may] of heard) add('hearing', 'subscribe', `hear ${what}`, subject, may);
for (const role of EVERYBODY) add('hearing', 'subscribe', `hear replies to ${role}`, `_INBOX_${role}.>`, [role]);

add('plain messages', 'publish', 'tell progress', 'chimera.progress.v1.-.reading', SERVICES);
add('plain messages', 'publish', 'tell what became of a reading', 'chimera.reading.v1.told.a.b', ['ingest']);
add('plain messages', 'publish', 'tell of a free slot', 'chimera.slot.v1.freed.gpu', AGENTS);
add('plain messages', 'publish', 'tell of a change in the bucket', 'chimera.bucket.v1.changed.a', ['admin', 'notifier']);
add('plain messages', 'publish', 'answer in the place of the server', '_INBOX_admin.x', []);
add('plain messages', 'publish', 'ask the server for its connections', '$SYS.REQ.SERVER.PING.CONNZ', []);
add('plain messages', 'publish', 'ask for the limits of the account', '$JS.API.INFO', EVERYBODY);

export const OPERATIONS: readonly Operation[] = all;

/** The table of who may do what, as text: a row for each operation, a column for each role. */
export function tableOf(verdicts: ReadonlyMap<Operation, ReadonlyMap<Role, boolean>>): string {
  const width = Math.max(...[...verdicts.keys()].map(({ what }) => what.length));
  const cell = (text: string) => text.padEnd(10);
  const lines = [`${' '.repeat(width)}  ${ROLES.map(cell).join('')}`.trimEnd()];
  let group = '';
  for (const [operation, byRole] of verdicts) {
    if (operation.group !== group) lines.push(`— ${operation.group}`);
    group = operation.group;
    lines.push(`${operation.what.padEnd(width)}  ${ROLES.map((role) => cell(byRole.get(role) ? 'may' : '·')).join('')}`.trimEnd());
  }
  return lines.join('\n');
}
