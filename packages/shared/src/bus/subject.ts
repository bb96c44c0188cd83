/**
 * Escapes a name for one token of a subject, a durable or a KV key: `[A-Za-z0-9_-]` as they are, any other
 * byte of its UTF-8 as `=HH`. `qwen2.5:7b` would otherwise span tokens, and blanks are refused by the server.
 */
export function subjectToken(name: string): string {
  if (name === '') throw new TypeError('A subject token cannot be made of an empty name.');
  let token = '';
  for (const byte of Buffer.from(name, 'utf8')) {
    const char = String.fromCharCode(byte);
    token += /[A-Za-z0-9_-]/.test(char) ? char : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return token;
}

/** The name that `subjectToken` escaped. */
export function fromSubjectToken(token: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < token.length; i++) {
    if (token[i] === '=') {
      bytes.push(Number.parseInt(token.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(token.charCodeAt(i));
  }
  return Buffer.from(bytes).toString('utf8');
}
