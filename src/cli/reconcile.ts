/**
 * `porteiro reconcile`: sends a file of what a provider says that it sent to the server that runs
 * under the same settings, and says what was found. Ends with 1 where anything was.
 */
import type { Command } from 'commander';
import type { components } from '../operations/wire.ts';
import { sendRows } from './row-file.ts';
import { remark, sentenceOf } from './server-access.ts';
import { say } from './terminal.ts';
import { readClient } from './token.ts';

type Line = components['schemas']['ReconciliationLine'];
type Row = components['schemas']['ReconciliationRow'];
type Finding = components['schemas']['SendFinding'];
type Totals = components['schemas']['ReconciliationTotals'];

/** `after-withdrawal: objection at 2026-…, ins_…`. */
function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'without-decision': {
      const outcome = finding.outcome === null ? '' : `, ${finding.outcome}`;
      return `${finding.kind}: ${finding.why}${outcome}`;
    }
    case 'after-withdrawal': {
      const { effectiveAt, kind, record } = finding.stop;
      return `${finding.kind}: ${kind} at ${effectiveAt}, ${record}`;
    }
    case 'outside-permit': {
      const { from, of, until } = finding.life;
      return `${finding.kind}: ${of} from ${from} to ${until}`;
    }
    case 'twice': {
      const { at, line, reconciliation } = finding.first;
      return `${finding.kind}: first at ${at}, line ${line} of ${reconciliation}`;
    }
    case 'other-act':
      return `${finding.kind}: ${finding.differs.join(', ')}`;
    case 'reported-unsent':
      return `${finding.kind}: ${finding.result}`;
  }
}

function rowText({ at, decision, findings, line, message }: Row): string {
  const named = [at, decision, message].filter((each) => typeof each === 'string').join(' ');
  return `line ${line} (${named}): ${findings.map(findingText).join('; ')}`;
}

function totalsText(totals: Totals): string {
  const { afterWithdrawal, matched, otherAct, outsidePermit, reportedUnsent, rows } = totals;
  const { twice, unknownPeople, unread, withoutDecision } = totals;
  const found = [
    `${withoutDecision} without a decision (${unknownPeople} of people who are not known)`,
    `${afterWithdrawal} after a withdrawal`,
    `${outsidePermit} outside the permit`,
    `${twice} twice`,
    `${otherAct} of another act`,
    `${reportedUnsent} reported as not sent`,
    `${unread} unread`,
  ];
  return `${rows} rows: ${matched} matched, ${found.join(', ')}`;
}

/** Of the last line, whether nothing was found. */
function tell(line: Line): boolean | null {
  if ('progress' in line) {
    remark(`${line.progress.rows} rows`);
    return null;
  }
  if ('summary' in line) {
    const { summary, problem } = line;
    say(totalsText(summary));
    if (problem !== undefined) remark(sentenceOf(problem));
    else say(`recorded as ${summary.id}`);
    return problem === undefined && summary.withFindings + summary.unread === 0;
  }
  if ('problem' in line) remark(`line ${line.line}: ${sentenceOf(line.problem)}`);
  else say(rowText(line));
  return null;
}

export function addReconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .description('Hold a file of what a provider sent against the decisions of the running server.')
    .argument('<file>', 'NDJSON, or CSV where the name ends in .csv')
    .requiredOption('--client <name>', 'the client, as the record will name it', readClient)
    .action(async (file: string, { client }: { readonly client: string }) => {
      const path = '/v1/reconciliations';
      const isClean = await sendRows({ file, client, scope: 'audit:read', path, tell });
      if (!isClean) process.exitCode = 1;
    });
}
