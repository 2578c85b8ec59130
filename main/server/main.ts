import { serveCommand } from '../cli/commands/serve.ts';

// The headless host on its own: what `impasto serve` runs, without the other commands.
await serveCommand().name('impasto-serve').parseAsync();
