// `npm run check`: what a person and the machine run before a change is shared. Every step runs,
// so that one look shows all that is wrong; only a step that fails prints what it found.
import { spawnSync } from 'node:child_process';

const steps = [
  ['types', 'types'],
  ['lint', 'lint'],
  ['format', 'format:check'],
  ['house', 'house'],
  ['contract', 'contract'],
  ['wire types', 'types:check'],
  ['dead code', 'knip'],
];

const failed = steps.filter(([title, script]) => {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], {
    encoding: 'utf8',
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (status !== 0) process.stdout.write(`\n${stdout}${stderr}\n`);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${title} (npm run ${script}, ${seconds} s)`);
  return status !== 0;
});

if (failed.length > 0) {
  console.log(`check failed: ${failed.map(([title]) => title).join(', ')}`);
  process.exitCode = 1;
}
