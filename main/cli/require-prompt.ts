import type { Command } from 'commander';

/** Ends a command as wrong usage where nothing says what to paint. */
export function requirePrompt(command: Command, { prompt, from }: { prompt?: string; from?: string }): void {
  if (prompt === undefined && from === undefined)
    command.error('error: there is neither a --prompt nor a picture to take one --from');
}
