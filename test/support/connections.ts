import { createSocket, Socket as Datagrams } from 'node:dgram';
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Loaded with `node --import` into a command under test: writes to the file RECORD_CONNECTIONS, a line each, where to
 * the process opens connections and sends datagrams (`tcp host port`, `pipe path`, `udp`).
 */
const record = process.env.RECORD_CONNECTIONS;
// Only a socket that was made knows the class that all are of.
createSocket('udp4').close();

if (record !== undefined) {
  const note = (line: string) => appendFileSync(record, `${line}\n`);
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    // net.connect hands its arguments over as a list, with the options first.
    const [first, second] = Array.isArray(given[0]) ? given[0] : given;
    const options = typeof first === 'object' && first !== null ? first : { port: first, host: second };
    note('path' in options && options.path ? `pipe ${options.path}` : `tcp ${options.host ?? 'localhost'} ${options.port}`);
    return Reflect.apply(connect, this, given);
  } as typeof connect;
  const send = Datagrams.prototype.send;
  Datagrams.prototype.send = function (this: Datagrams, ...given: unknown[]) {
    note('udp');
    return Reflect.apply(send, this, given);
  } as typeof send;
}
