import { StudioError } from '../../preload/contract/index.ts';
import { locateInstallation } from '../hosting/installation.ts';
import { createInferenceHost } from '../inference/host/create-inference-host.ts';
import { launchNode } from '../inference/host/launch-node.ts';
import { verifyReference } from '../verify/verify-reference.ts';
import { BAR, type VerifyRow } from '../verify/verify-row.ts';
import { EXIT } from './exit-codes.ts';
import type { Outcome } from './run-action.ts';

/**
 * Holds this installation against a reference folder; rows are told on standard error as they come.
 *
 * @throws StudioError when there is nothing to verify, or Ctrl+C was pressed between two rows.
 */
export async function verify(folder: string, signal: AbortSignal): Promise<Outcome> {
  const host = createInferenceHost({ launch: launchNode(locateInstallation().entries) });
  const rows: VerifyRow[] = [];
  try {
    for await (const row of verifyReference(folder, host)) {
      if (signal.aborted) throw new StudioError('verify/stopped', 'Verification was stopped.', '');
      rows.push(row);
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${rows.length} ${row.name.slice(0, 70)}`);
    }
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
    await host.dispose();
  }
  const bad = rows.filter((row) => row.verdict !== 'ok').length;
  return {
    text: [...table(rows), summary(rows, bad)].join('\n'),
    json: { reference: folder, bar: BAR, passed: rows.length - bad, missed: bad, rows },
    exitCode: bad === 0 ? EXIT.done : EXIT.failed,
  };
}

function table(rows: readonly VerifyRow[]): string[] {
  const width = Math.max(4, ...rows.map((row) => row.name.length));
  return [
    `${'name'.padEnd(width)}  ${'max rel. error'}  verdict`,
    ...rows.map(({ name, error, verdict, note }) => {
      const shown = error === null ? '-' : error.toExponential(1);
      return `${name.padEnd(width)}  ${shown.padStart(14)}  ${verdict}${note === '' ? '' : `: ${note}`}`;
    }),
  ];
}

function summary(rows: readonly VerifyRow[], bad: number): string {
  const largest = Math.max(0, ...rows.map((row) => row.error ?? 0));
  return `${rows.length - bad} of ${rows.length} within ${BAR}; largest error ${largest.toExponential(1)}.`;
}
