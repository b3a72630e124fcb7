// Writes src/operations/wire.ts from openapi.yaml, or with --check fails where the two differ. The
// generator needs the JavaScript API that TypeScript 7 no longer has, so it lives in tools/ with a
// compiler and a lock file of its own, and is installed there at its first use.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folder = 'tools/openapi-types';
const generator = `${folder}/node_modules/openapi-typescript/bin/cli.js`;

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(generator)) run('npm', ['ci', '--silent'], { cwd: folder });
run(process.execPath, [
  generator,
  'openapi.yaml',
  '--immutable',
  '--root-types',
  '--root-types-no-schema-prefix',
  '--root-types-keep-casing',
  '--output',
  'src/operations/wire.ts',
  ...process.argv.slice(2),
]);
