import { join } from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';
import { studioFolders } from '../hosting/folders.ts';
import { locateInstallation } from '../hosting/installation.ts';
import { probeDevices } from '../inference/devices/probe-devices.ts';
import { createInferenceHost } from '../inference/host/create-inference-host.ts';
import { launchNode } from '../inference/host/launch-node.ts';
import { openModelLibrary } from '../models/model-library.ts';
import { formName, type ModelVerdict } from '../verify/model-verdict.ts';
import { openVerdictStore } from '../verify/verdict-store.ts';
import { verifyModel } from '../verify/verify-model.ts';
import { quantisedFolder } from '../generation/choose-form.ts';
import { EXIT } from './exit-codes.ts';
import type { Outcome } from './run-action.ts';

/**
 * Judges a user's model on every device here and remembers the verdicts, which decide what may be used for it.
 *
 * @param path a checkpoint, or `embedded` for the model that ships
 * @throws StudioError, ModelError or InferenceError when the model cannot be computed at all.
 */
export async function judgeModel(path: string, signal: AbortSignal): Promise<Outcome> {
  const installation = locateInstallation();
  const { data } = studioFolders();
  const launch = launchNode(installation.entries);
  const library = openModelLibrary({
    dataFolder: data,
    embeddedModelFolder: installation.embeddedModel,
    notice: ({ message }) => process.stderr.write(`${message}\n`),
  });
  const store = openVerdictStore(data);
  const host = createInferenceHost({ launch });
  try {
    const id = path === 'embedded' ? path : (await library.open(path)).id;
    const model = await library.get(id);
    const { tried } = await probeDevices({ launch, cacheFile: join(data, 'devices.json') });
    const providers = tried.filter(({ verdict }) => verdict === 'verified').map(({ provider }) => provider);
    const sha256 = await model.sha256();
    const verdicts: ModelVerdict[] = [];
    for await (const verdict of verifyModel(model, {
      host,
      providers,
      cacheFolder: quantisedFolder(data),
      signal,
    })) {
      if (signal.aborted) throw new StudioError('verify/stopped', 'Verification was stopped.', '');
      store.keep(sha256, verdict);
      verdicts.push(verdict);
      if (process.stderr.isTTY) process.stderr.write(`${formName(verdict)}: ${verdict.verdict}\n`);
    }
    const bad = verdicts.filter(({ verdict }) => verdict !== 'ok');
    const usable = verdicts.length - bad.length;
    return {
      text: [
        ...table(verdicts),
        `${model.card.name}: ${usable} of ${verdicts.length} forms may be used.`,
      ].join('\n'),
      json: { model: { name: model.card.name, family: model.card.family, sha256 }, verdicts },
      exitCode: bad.length === 0 ? EXIT.done : EXIT.failed,
    };
  } finally {
    await host.dispose();
    store.close();
    library.close();
  }
}

function table(verdicts: readonly ModelVerdict[]): string[] {
  return [
    `${'form'.padEnd(18)}  ${'error'.padStart(8)}  ${'bar'.padStart(8)}  verdict`,
    ...verdicts.map((one) => {
      const error = one.error === null ? '-' : one.error.toExponential(1);
      return `${formName(one).padEnd(18)}  ${error.padStart(8)}  ${one.bar.toExponential(1).padStart(8)}  ${one.verdict}: ${one.note}`;
    }),
  ];
}
