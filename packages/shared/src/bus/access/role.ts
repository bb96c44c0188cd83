import { z } from 'zod';
import { AgentName } from '../../domain/profile.ts';

/** Who connects to a locked NATS: each service, whoever looks after them, and an S3 server that tells of what was dropped into it. */
export const ROLES = ['ingest', ...AgentName.options, 'reporter', 'admin', 'notifier'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** The name of a NATS user: one token of a subject, because its inbox is called by it. */
export const UserName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'takes letters, digits, "-" and "_", 64 at most, and begins with a letter or a digit');
