import { rightsOn } from '@chimera/shared/access';
import { connectBus, NatsRefusal, withoutPassword } from '@chimera/shared/bus';
import { type NatsValues, natsLogin } from '@chimera/shared/service';
import type { Finding } from '../commands/doctor.ts';

const SOON_MS = 14 * 86_400_000;

/** What `doctor` finds of NATS: whether it is reached, who is let in, and until when. */
export async function examineNats(settings: NatsValues & { CHIMERA_NATS_URL: string }): Promise<Finding[]> {
  const url = settings.CHIMERA_NATS_URL;
  const check = `NATS at ${withoutPassword(url)}`;
  try {
    const bus = await connectBus({ url, ...natsLogin(settings, 'admin'), name: 'chimera doctor', connectTimeoutMs: 0 });
    const version = bus.connection.info?.version;
    const { user, expires } = rightsOn(bus.connection);
    const secured = bus.connection.info?.tls_required ? ' over TLS' : '';
    await bus.close();
    const found: Finding = { check, state: 'ok', says: `version ${version}${secured}; streams are there`, next: null };
    return user === null ? [found] : [found, credentials(user, expires)];
  } catch (error) {
    const says = (error as Error).message;
    // A server that is there and refuses, or a file that cannot be used, is what somebody configured.
    if (error instanceof NatsRefusal) return [{ check, state: 'fault', says, next: null }];
    return [{ check, state: 'note', says, next: 'nothing to do for "chimera analyze" and "chimera up", which start their own' }];
  }
}

function credentials(user: string, expires: number | null): Finding {
  const check = `NATS user ${user}`;
  if (expires === null) return { check, state: 'ok', says: 'its credentials do not end', next: null };
  const until = new Date(expires * 1_000).toISOString();
  if (expires * 1_000 - Date.now() > SOON_MS) return { check, state: 'ok', says: `its credentials are valid until ${until}`, next: null };
  return {
    check,
    state: 'note',
    says: `its credentials end at ${until}`,
    next: `chimera nats user ${user} --as ROLE --dir DIR, where the keys are`,
  };
}
