import { EVIDENCE_SCHEMA, type Evidence, type Fact, type InventoryRef, Observations } from '@chimera/shared/domain';
import { type Blobs, getJson } from '@chimera/shared/store';
import { type AgentDefinition, definitionFor, type SectionDuty } from './definition.ts';
import { createView, type View } from './view.ts';

/** What an inventory says, indexed for the agents. */
export type Grounds = { evidence: Evidence; observations: Observations; view: View };

/** Inventories that are kept in memory: the one that is worked at, and the next. */
const KEPT = 2;

/**
 * Reads what inventories say, each once for all analyses of them. Its blobs are named by their content and were written by ingest, so
 * that evidence, which is large, is not checked value by value again. Throws an Error where another version wrote it.
 */
export function readGrounds(blobs: Blobs): (inventory: Pick<InventoryRef, 'evidence' | 'observations'>) => Promise<Grounds> {
  const known = new Map<string, Promise<Grounds>>();

  async function read({ evidence: id, observations: at }: Pick<InventoryRef, 'evidence' | 'observations'>): Promise<Grounds> {
    const [evidence, observations] = await Promise.all([getJson(blobs, id, OwnEvidence), getJson(blobs, at, Observations)]);
    return { evidence, observations, view: createView(evidence, observations) };
  }

  return (inventory) => {
    const key = `${inventory.evidence} ${inventory.observations}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const grounds = read(inventory);
    known.set(key, grounds);
    grounds.catch(() => known.delete(key));
    const oldest = known.size > KEPT ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return grounds;
  };
}

const OwnEvidence = {
  parse(value: unknown): Evidence {
    if (typeof value === 'object' && value !== null && 'schema' in value && value.schema === EVIDENCE_SCHEMA) return value as Evidence;
    throw new Error(
      `The evidence is not of the form ${EVIDENCE_SCHEMA}: another version of ingest wrote it. Run the same version everywhere.`,
    );
  },
};

const ranked = new WeakMap<View, Map<SectionDuty, Fact[]>>();

/** The facts for one section, the most important first; found once for a view. */
export function rankedFacts(definition: AgentDefinition, view: View, duty: SectionDuty): readonly Fact[] {
  const known = ranked.get(view) ?? new Map<SectionDuty, Fact[]>();
  ranked.set(view, known);
  const facts = known.get(duty) ?? definition.chooseFacts(view, duty);
  known.set(duty, facts);
  return facts;
}

/** Does beforehand what the first call would otherwise wait for, section by section, leaving others their turn in between. */
export async function warmGrounds(
  definition: AgentDefinition,
  profile: Parameters<typeof definitionFor>[1],
  { view }: Grounds,
): Promise<void> {
  const own = definitionFor(definition, profile);
  for (const duty of own.sections) {
    rankedFacts(own, view, duty);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
