/** What a PromQL expression selects: a metric by its full name, and the labels it is filtered by. */
export type Selection = { metric: string; labels: string[] };

const KEYWORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'ignoring', 'on', 'group_left', 'group_right', 'by', 'without']);

/** The series that an expression of a panel selects, and the labels that it groups by. Grafana's variables are no names. */
export function readPromql(expression: string): { selections: Selection[]; groupings: string[] } {
  const groupings: string[] = [];
  const rest = expression
    .replace(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g, (_, list: string) => {
      groupings.push(...names(list));
      return ' ';
    })
    .replace(/\[[^\]]*\]/g, ' ');
  const selections: Selection[] = [];
  for (const match of rest.matchAll(/(?<![\w$:.])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?/g)) {
    const [, metric = '', matchers = '', call] = match;
    if (call || KEYWORDS.has(metric)) continue;
    selections.push({ metric, labels: [...matchers.matchAll(/([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)/g)].map((m) => m[1] ?? '') });
  }
  return { selections, groupings };
}

const names = (list: string) =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
