/**
 * A key out of a listing. Servers that were asked for it write keys as forms write values: `+` for a space, `%2B` for a plus.
 * `exact` is false where its bytes are no UTF-8: then it stands with replacement characters, and leads back to nothing.
 */
export function decodeListedKey(listed: string, isEncoded: boolean): { key: string; exact: boolean } {
  if (!isEncoded) return { key: listed, exact: true };
  const spaced = listed.replaceAll('+', ' ');
  try {
    return { key: decodeURIComponent(spaced), exact: true };
  } catch {
    const bytes = Buffer.from(spaced, 'utf8')
      .toString('latin1')
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return { key: Buffer.from(bytes, 'latin1').toString('utf8'), exact: false };
  }
}
