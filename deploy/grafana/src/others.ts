/** The dashboards that panels of others lead to. */
export const AGENTS = { uid: 'chimera-agents', title: 'Agents' };
export const TRUST = { uid: 'chimera-trust', title: 'Trust' };
export const NATS = { uid: 'chimera-nats-and-node', title: 'NATS and Node' };
