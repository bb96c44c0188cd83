/** Longest line that is looked at. */
const LINE_CHARS = 1_000;

/** What the backends of llama.cpp print of each GPU when they are loaded, by their names in the column `backend`. */
const DEVICES: readonly { backend: RegExp; line: RegExp }[] = [
  // `ggml_vulkan: 0 = <name> (<driver>) | uma: 0 | …`
  { backend: /vulkan/i, line: /^ggml_vulkan: (\d{1,3}) = (\S.{0,200}?) \([^()|]{1,60}\) \| / },
  // `  Device 0: <name>, compute capability 8.9, VMM: yes`, `  Device 0: <name>, gfx1100 (0x1100), VMM: no`
  { backend: /cuda|rocm|hip|musa/i, line: /^ {1,8}Device (\d{1,3}): (\S.{0,200}?), (?:compute capability \d|gfx\d)/ },
];

/** Lines above which another program, or another machine, is spoken of: the last run's result, a heading, a call of llama-bench. */
const BEFORE = /^\s{0,8}(?:>\s?)?\||^build: |^ {0,3}#{1,6}[ \t]|[$#>%][ \t]+\S{0,200}llama-bench(?:\.exe)?(?:[ \t]|$)/;

/**
 * The GPUs that a log names between a table and what stands before it.
 * @param header index of the table's header
 * @param from index of the first line behind the table before
 * @param backends of the table's rows; what another one printed is of another program
 * @returns their names as `gpu_info` of the other outputs has them, in the order of the log; null where it names none
 */
export function gpusAbove(lines: readonly string[], { from, header }: { from: number; header: number }, backends: string): string | null {
  const devices = DEVICES.filter(({ backend }) => backend.test(backends));
  const names: string[] = [];
  // A program counts its devices from 0: what stands above the first of them is of one that ran before.
  const next = new Map<(typeof DEVICES)[number], number>();
  for (let at = header - 1; at >= from; at -= 1) {
    const line = lines[at] ?? '';
    if (BEFORE.test(line.slice(0, LINE_CHARS))) break;
    if (line.length > LINE_CHARS) continue;
    for (const device of devices) {
      const [, index, name] = device.line.exec(line) ?? [];
      if (name === undefined || Number(index) >= (next.get(device) ?? Number.POSITIVE_INFINITY)) continue;
      next.set(device, Number(index));
      names.push(name);
    }
  }
  return names.length === 0 ? null : names.reverse().join(', ');
}
