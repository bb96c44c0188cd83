// DuckDB over files, in a process of its own with one thread: how many rows there are, and the averages of all columns of numbers.
//   duckdb-child.ts csv|commas|json GLOB
// commas: csv whose cells are separated by semicolons, with commas that begin fractions
import { tell } from './child.ts';

const [kind, glob = ''] = process.argv.slice(2);
const quoted = `'${glob.replaceAll("'", "''")}'`;
const SOURCES: Readonly<Record<string, string>> = {
  csv: `read_csv(${quoted}, union_by_name = false)`,
  commas: `read_csv(${quoted}, delim = ';', decimal_separator = ',')`,
  json: `read_json(${quoted})`,
};
const source = SOURCES[kind ?? ''];
if (source === undefined) throw new Error(`DuckDB is to read ${Object.keys(SOURCES).join(', ')}, and not "${kind}".`);
const NUMBERS = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL.*)$/;

await tell(async () => {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const described = await (await connection.run(`describe select * from ${source}`)).getRows();
  const columns = described.flatMap(([name, type]) => (NUMBERS.test(String(type)) ? [String(name)] : []));
  const averages = columns.map((name) => `avg("${name.replaceAll('"', '""')}")`);
  const rows = await (await connection.run(`select ${['count(*)', ...averages].join(', ')} from ${source}`)).getRows();
  connection.closeSync();
  instance.closeSync();
  return { rows: Number(rows[0]?.[0]), columns: columns.length };
});
