import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENTRY = join(import.meta.dirname, '../../../main/cli/impasto.ts');

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place of its own for one test: working folder, data folder, documents folder. */
export interface Workplace {
  readonly folder: string;
  /** Data folder of the studio; not created here. */
  readonly data: string;
  /** Runs the real command line from its sources in `folder`. `onStderr` sees what is written so far, each time. */
  readonly impasto: (
    args: readonly string[],
    onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
  ) => Promise<CommandEnd>;
  readonly remove: () => void;
}

export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'impasto-cli-'));
  const data = join(folder, 'studio', 'data');
  return {
    folder,
    data,
    impasto: (args, onStderr) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [ENTRY, ...args], {
          cwd: folder,
          env: { ...process.env, IMPASTO_DATA: data, IMPASTO_DOCUMENTS: join(folder, 'studio', 'documents') },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let stdout = '';
        let stderr = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          stderr += text;
          onStderr?.(stderr, (signal) => child.kill(signal));
        });
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, stdout, stderr }));
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
