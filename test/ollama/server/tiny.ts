import { createHash } from 'node:crypto';
import { tinyModel } from '../model/tiny-model.ts';

/** Says the messages one after the other and nothing else, so that a prompt's tokens can be counted. */
const TEMPLATE = '{{ range .Messages }}{{ .Content }}{{ end }}';

/** Installs the tiny model under a name on a server, through its API. Throws what the server said when it refuses. */
export async function installTiny(url: string, model: string): Promise<void> {
  const file = tinyModel();
  const digest = `sha256:${createHash('sha256').update(file).digest('hex')}`;
  await post(url, `/api/blobs/${digest}`, new Uint8Array(file));
  await post(
    url,
    '/api/create',
    JSON.stringify({ model, files: { 'tiny.gguf': digest }, template: TEMPLATE, parameters: { num_thread: 1 }, stream: false }),
  );
}

/** Gives an installed model a second name. */
export async function copyModel(url: string, source: string, destination: string): Promise<void> {
  await post(url, '/api/copy', JSON.stringify({ source, destination }));
}

export async function removeModel(url: string, model: string): Promise<void> {
  await accepted(await fetch(`${url}/api/delete`, { method: 'DELETE', body: JSON.stringify({ model }) }));
}

async function post(url: string, path: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  await accepted(await fetch(`${url}${path}`, { method: 'POST', body }));
}

async function accepted(response: Response): Promise<void> {
  const said = await response.text();
  if (!response.ok || said.includes('"error"')) throw new Error(`${response.url} answered ${response.status}: ${said.slice(0, 500)}`);
}
