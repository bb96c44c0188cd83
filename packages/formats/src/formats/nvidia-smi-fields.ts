import type { CanonicalMetric } from '@chimera/shared/domain';
import type { FieldMeaning, FieldTable } from '../fields.ts';

function sample(unit: string | null, metric: CanonicalMetric | 'own' = 'own'): FieldMeaning {
  return { metric, statistic: 'value', unit, over: 'samples' };
}

function samples(unit: string | null, names: string): FieldTable {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, sample(unit)]));
}

/** Fields of `--query-gpu` that are measured, with the unit that nvidia-smi gives them; its header states most of them. */
export const SMI_FIELDS: FieldTable = {
  'utilization.gpu': { ...sample('%', 'gpu_utilization'), note: 'share of the time in which any kernel ran: no measure of efficiency' },
  'power.draw': sample('W', 'power'),
  ...samples('%', 'utilization.memory utilization.encoder utilization.decoder utilization.jpeg utilization.ofa fan.speed'),
  ...samples('MiB', 'memory.used memory.free memory.total memory.reserved'),
  ...samples(
    'W',
    'power.draw.average power.draw.instant power.limit enforced.power.limit power.default_limit power.min_limit power.max_limit module.power.draw.average module.power.draw.instant',
  ),
  ...samples('°C', 'temperature.gpu temperature.gpu.tlimit temperature.memory'),
  ...samples(
    'MHz',
    'clocks.current.graphics clocks.current.sm clocks.current.memory clocks.current.video clocks.gr clocks.sm clocks.mem clocks.video clocks.max.graphics clocks.max.sm clocks.max.memory clocks.applications.graphics clocks.applications.memory',
  ),
  ...samples(null, 'pcie.link.gen.current pcie.link.gen.max pcie.link.width.current pcie.link.width.max encoder.stats.sessionCount'),
};

/** Fields that say which GPU and which software a row is of → label. A version such as 550.54 looks like a number, and is none. */
export const SMI_IDENTITY: Readonly<Record<string, string>> = {
  name: 'gpu',
  gpu_name: 'gpu',
  index: 'gpu_index',
  uuid: 'gpu_uuid',
  gpu_uuid: 'gpu_uuid',
  'pci.bus_id': 'gpu_bus_id',
  gpu_bus_id: 'gpu_bus_id',
  serial: 'gpu_serial',
  gpu_serial: 'gpu_serial',
  count: 'gpu_count',
  driver_version: 'driver_version',
  vbios_version: 'vbios_version',
};

/** Words that nvidia-smi writes where it has no value; those of the second kind tell of a fault. */
export const NO_VALUE = /^(?:\[?(?:N\/A|Not Supported|Not Active|Not Available|Insufficient Permissions|Function Not Found)\]?|-)$/i;
export const FAULT = /^(?:ERR!|\[(?:Unknown Error|GPU requires reset|GPU is lost|Reset Required|GPU Reset Required)\])$/i;

const HEADER = /^([a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*)(?: ?\[([^[\]]{0,12})\])?$/;

/** A column's name as nvidia-smi heads it: the field that was asked for, and the unit in brackets; null where it is no such name. */
export function smiColumn(name: string): { field: string; unit: string | null } | null {
  const match = name.length > 64 ? null : HEADER.exec(name);
  return match === null ? null : { field: match[1] ?? '', unit: match[2] ?? null };
}
