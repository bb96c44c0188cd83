import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate with its key: paths of PEM files. */
export type Certificate = { cert: string; key: string };

/** Whether certificates can be made on this machine. */
export function hasOpenssl(): boolean {
  try {
    return /^OpenSSL [3-9]/.test(execFileSync('openssl', ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return false;
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority that signs certificates, with its files in a folder of its own. */
export class Authority {
  readonly cert: string;
  readonly #key: string;
  readonly #folder: string;
  constructor(folder: string, name: string) {
    this.#folder = join(folder, name);
    mkdirSync(this.#folder, { recursive: true });
    [this.cert, this.#key] = [join(this.#folder, 'ca.pem'), join(this.#folder, 'ca-key.pem')];
    openssl('req', '-x509', ...EC, '-keyout', this.#key, '-out', this.cert, '-days', '2', '-subj', `/CN=${name}`);
  }

  /** `names` such as `IP:127.0.0.1,DNS:nats`; `days` that it is valid, of which a negative number are past. */
  sign(name: string, names: string, days = 2): Certificate {
    const [cert, key, request, extensions] = ['.pem', '-key.pem', '.csr', '.ext'].map((ending) => join(this.#folder, name + ending)) as [
      string,
      string,
      string,
      string,
    ];
    openssl('req', '-new', ...EC, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    writeFileSync(extensions, `subjectAltName=${names}\n`);
    openssl(
      'x509',
      '-req',
      '-in',
      request,
      '-CA',
      this.cert,
      '-CAkey',
      this.#key,
      '-CAcreateserial',
      '-out',
      cert,
      '-extfile',
      extensions,
      '-days',
      String(days),
    );
    return { cert, key };
  }
}
