/**
 * A process that reads or writes one picture file and ends. It is a process of its own because such files come from
 * anywhere: what they can do is bounded by killing it, and neither strokes nor requests wait for it.
 */
import { StudioError } from '../../../../preload/contract/index.ts';
import { connectToHost } from '../../../inference/worker/host-port.ts';
import { openDocument } from '../../document.ts';
import { importFile } from '../convert-file.ts';
import { exportParts } from '../export-document.ts';
import type { Progress } from '../progress.ts';
import { writeWhole } from '../write-whole.ts';
import type { ConverterJob, ConverterMessage } from './protocol.ts';

const host = connectToHost();
const post = (message: ConverterMessage): void => host.post(message);

/** Milliseconds between two words about progress. */
const EVERY = 100;

function tellProgress(): Progress {
  let last = 0;
  return {
    report(share, what) {
      const now = performance.now();
      if (now - last < EVERY) return;
      last = now;
      post({ type: 'progress', share, what });
    },
  };
}

async function run(job: ConverterJob): Promise<ConverterMessage> {
  const progress = tellProgress();
  if (job.type === 'import')
    return { type: 'imported', imported: await importFile(job.source, job.target, progress, job.name) };
  const document = openDocument(job.document);
  try {
    const bytes = await writeWhole(job.target, job.overwrite, () =>
      exportParts(document, job.options, progress),
    );
    return { type: 'exported', bytes };
  } finally {
    document.close();
  }
}

host.onMessage((message) => {
  run(message as ConverterJob).then(post, (error: unknown) => {
    if (error instanceof StudioError) post({ type: 'failed', error: error.toData() });
    else
      post({ type: 'bug', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
post({ type: 'ready' });
