// Compiles src to dist. It is `build`, `prestart` and `prepare` at once: `npm ci --omit=dev` runs
// `prepare` with no compiler installed, and must not fail for that when dist is already there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const compiler = 'node_modules/typescript/bin/tsc';
const entry = 'dist/cli/main.js';

if (existsSync(compiler)) {
  const build = spawnSync(process.execPath, [compiler, '-b', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  process.exitCode = build.status ?? 1;
} else if (!existsSync(entry) && process.env.npm_lifecycle_event !== 'prepare') {
  console.error(
    'dist/ is missing and the compiler is not installed: run "npm ci" without --omit=dev first.',
  );
  process.exitCode = 1;
}
