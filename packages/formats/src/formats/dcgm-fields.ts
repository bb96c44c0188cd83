import type { FieldMeaning, FieldTable } from '../fields.ts';

const sample = (metric: FieldMeaning['metric'], unit: string | null, note?: string): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit,
  over: 'samples',
  ...(note === undefined ? {} : { note }),
});

const ACTIVE = sample('own', 'ratio', 'share of the time, 0 to 1');
const MEMORY = sample('own', 'MiB');
const RATE = sample('own', 'bytes/s');

/** Names of a field → what it means: that of a column of `dcgmi dmon`, DCGM's tag, that of the exporter, its number. */
const FIELDS: readonly (readonly [names: string, meaning: FieldMeaning])[] = [
  ['GPUTL gpu_utilization DCGM_FI_DEV_GPU_UTIL 203', sample('gpu_utilization', '%', 'share of the time in which any kernel ran')],
  ['MCUTL mem_copy_utilization DCGM_FI_DEV_MEM_COPY_UTIL 204', sample('own', '%')],
  ['DCGM_FI_DEV_ENC_UTIL 206', sample('own', '%')],
  ['DCGM_FI_DEV_DEC_UTIL 207', sample('own', '%')],
  ['POWER power_usage DCGM_FI_DEV_POWER_USAGE 155', sample('power', 'W')],
  ['DCGM_FI_DEV_POWER_USAGE_INSTANT', sample('own', 'W', 'beside the usual, which is a mean over time')],
  ['EPLMT enforced_power_limit DCGM_FI_DEV_ENFORCED_POWER_LIMIT', sample('own', 'W')],
  ['PMLMT power_management_limit DCGM_FI_DEV_POWER_MGMT_LIMIT', sample('own', 'W')],
  ['TOTEC total_energy_consumption DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION 156', sample('own', 'mJ', 'counts since the driver was loaded')],
  ['TMPTR gpu_temp DCGM_FI_DEV_GPU_TEMP 150', sample('own', '°C')],
  ['MMTMP memory_temp DCGM_FI_DEV_MEMORY_TEMP 140', sample('own', '°C')],
  ['SMCLK sm_clock DCGM_FI_DEV_SM_CLOCK 100', sample('own', 'MHz')],
  ['MMCLK memory_clock DCGM_FI_DEV_MEM_CLOCK 101', sample('own', 'MHz')],
  ['FBTTL fb_total DCGM_FI_DEV_FB_TOTAL 250', MEMORY],
  ['FBFRE fb_free DCGM_FI_DEV_FB_FREE 251', MEMORY],
  ['FBUSD fb_used DCGM_FI_DEV_FB_USED 252', MEMORY],
  ['GRACT gr_engine_active DCGM_FI_PROF_GR_ENGINE_ACTIVE 1001', ACTIVE],
  ['SMACT sm_active DCGM_FI_PROF_SM_ACTIVE 1002', ACTIVE],
  ['SMOCC sm_occupancy DCGM_FI_PROF_SM_OCCUPANCY 1003', ACTIVE],
  ['TENSO tensor_active DCGM_FI_PROF_PIPE_TENSOR_ACTIVE 1004', ACTIVE],
  ['DRAMA dram_active DCGM_FI_PROF_DRAM_ACTIVE 1005', ACTIVE],
  ['FP64A fp64_active DCGM_FI_PROF_PIPE_FP64_ACTIVE 1006', ACTIVE],
  ['FP32A fp32_active DCGM_FI_PROF_PIPE_FP32_ACTIVE 1007', ACTIVE],
  ['FP16A fp16_active DCGM_FI_PROF_PIPE_FP16_ACTIVE 1008', ACTIVE],
  ['PCITX pcie_tx_bytes DCGM_FI_PROF_PCIE_TX_BYTES 1009', RATE],
  ['PCIRX pcie_rx_bytes DCGM_FI_PROF_PCIE_RX_BYTES 1010', RATE],
  ['NVLTX nvlink_tx_bytes DCGM_FI_PROF_NVLINK_TX_BYTES 1011', RATE],
  ['NVLRX nvlink_rx_bytes DCGM_FI_PROF_NVLINK_RX_BYTES 1012', RATE],
  ['XIDER xid_errors DCGM_FI_DEV_XID_ERRORS', sample('own', null)],
];

/** Fields of DCGM under all of their names. */
export const DCGM_FIELDS: FieldTable = Object.fromEntries(
  FIELDS.flatMap(([names, meaning]) => names.split(' ').map((name): [string, FieldMeaning] => [name, meaning])),
);

/** The tag of a field that is written as its number; of any other field the name as it stands. */
export function dcgmName(field: string): string {
  const names = /^\d{1,4}$/.test(field) ? FIELDS.find(([all]) => all.endsWith(` ${field}`))?.[0] : undefined;
  return names?.split(' ').find((name) => name.startsWith('DCGM_')) ?? field;
}

/** As a table that people read. */
export const DCGM_TABLE: FieldTable = Object.fromEntries(FIELDS.map(([names, meaning]) => [names.replaceAll(' ', ', '), meaning]));

const UNKNOWN = sample('own', null);

/** What a field means; one that is not known keeps its name and has no unit. */
export function dcgmMeaning(field: string): FieldMeaning {
  return (Object.hasOwn(DCGM_FIELDS, field) ? DCGM_FIELDS[field] : undefined) ?? UNKNOWN;
}

/** Numbers that DCGM writes where it has none: the last sixteen of 32 and 64 bits, and 2^47 for fractions. */
export function isBlank(value: number): boolean {
  const bits32 = value >= 0x7ffffff0 && value <= 0x7fffffff;
  return bits32 || value >= 2 ** 63 - 2048 || (value >= 2 ** 47 && value < 2 ** 47 + 16);
}
