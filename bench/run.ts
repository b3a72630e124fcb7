/**
 * `npm run bench` measures everything, `npm run bench -- http rules` only these parts. A missed
 * target is said and ends with 0, since a busy machine misses some; with --strict it ends with 1.
 */
import { benchAudience } from './audience.ts';
import { benchErasure } from './erasure.ts';
import { benchHttp } from './http.ts';
import { benchLedger } from './ledger.ts';
import { benchMongodb } from './mongodb.ts';
import { profileGate } from './profile.ts';
import { benchPortalEntry } from './portal-entry.ts';
import { isMet, plain, printTable, printTargets, printTitle, type Target } from './report.ts';
import { benchReplay } from './replay.ts';
import { benchRules } from './rules.ts';
import { benchScale } from './scale.ts';

async function benchRuleCore(): Promise<readonly Target[]> {
  printTitle('The rule core on the shipped rules');
  const row = await benchRules();
  printTable([
    ['', row.unit],
    ['porteiro', plain(row.ours)],
    [row.peer, plain(row.theirs)],
  ]);
  const unit = '';
  const targets: readonly Target[] = [
    { what: `times ${row.peer}`, measured: row.ratio, bound: 'at least', target: row.target, unit },
    { what: 'disagreements', measured: row.disagreements, bound: 'at most', target: 0, unit },
  ];
  printTargets(targets);
  return targets;
}

const parts: Readonly<Record<string, () => Promise<readonly Target[]>>> = {
  rules: benchRuleCore,
  http: benchHttp,
  mongodb: benchMongodb,
  scale: benchScale,
  'portal-entry': benchPortalEntry,
  ledger: benchLedger,
};
/** Only where it is asked for: an audience takes a while, and a profiler slows what it watches. */
const extra: typeof parts = {
  audience: benchAudience,
  erasure: benchErasure,
  profile: profileGate,
  replay: benchReplay,
};

const asked = process.argv.slice(2).filter((argument) => argument !== '--strict');
const known = { ...parts, ...extra };
const unknown = asked.filter((name) => !(name in known));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}: there are ${Object.keys(known).join(', ')}`);
  process.exit(2);
}
const startedAt = performance.now();
const targets: Target[] = [];
for (const [name, measure] of Object.entries(asked.length === 0 ? parts : known)) {
  if (asked.length === 0 || asked.includes(name)) targets.push(...(await measure()));
}
const missed = targets.filter((target) => !isMet(target));
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(
  `\n${targets.length - missed.length} of ${targets.length} targets met, in ${seconds} s`,
);
printTargets(missed);
process.exitCode = missed.length > 0 && process.argv.includes('--strict') ? 1 : 0;
