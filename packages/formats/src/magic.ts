/** First bytes of what is no text, each as the character of its number, and what to call it. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'a gzip archive'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['PK\x05\x06', 'an empty ZIP archive'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive'],
  ['\xfd7zXZ\x00', 'an XZ archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['\x04\x22\x4d\x18', 'an LZ4 archive'],
  ['\x89PNG\r\n\x1a\n', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF87a', 'a GIF image'],
  ['GIF89a', 'a GIF image'],
  ['%PDF-', 'a PDF document'],
  ['SQLite format 3\x00', 'an SQLite database'],
  ['PAR1\x15', 'a Parquet file'],
  ['ARROW1\x00\x00', 'an Arrow file'],
  ['\x89HDF\r\n\x1a\n', 'an HDF5 file'],
  ['\x7fELF', 'a program (ELF)'],
  ['GGUF', 'a model (GGUF)'],
  ['\xff\xfe\x00\x00', 'UTF-32 text'],
  ['\x00\x00\xfe\xff', 'UTF-32 text'],
];

/**
 * What a file that is no text is, by its first bytes.
 * @returns a noun phrase, or null where no signature fits
 */
export function signatureOf(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  // bzip2: `BZh`, the block size, and the first block's magic number; three letters alone could be prose.
  if (/^BZh[1-9]1AY&SY/.test(head)) return 'a bzip2 archive';
  return SIGNATURES.find(([start]) => head.startsWith(start))?.[1] ?? null;
}
