import { createProgram } from './program.ts';

// A pipe that closes early (`impasto models | head -1`) is its reader's business, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

await createProgram().parseAsync();
