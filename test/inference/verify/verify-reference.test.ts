import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { locateInstallation } from '../../../main/hosting/installation.ts';
import { createInferenceHost } from '../../../main/inference/host/create-inference-host.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { verifyReference } from '../../../main/verify/verify-reference.ts';
import { sharedPath } from '../../fixtures/reference-folder.ts';

const reference = sharedPath('reference');

describe.skipIf(reference === undefined)('impasto verify (needs ../shared/reference)', () => {
  const { entries } = locateInstallation(join(import.meta.dirname, '../../../main/hosting'));
  const host = createInferenceHost({ launch: launchNode(entries) });
  afterAll(() => host.dispose());

  test('everything in the reference folder is met, whole pictures included', async () => {
    const rows = await Array.fromAsync(verifyReference(reference!, host));
    expect(rows.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    const names = rows.map(({ name }) => name).join('\n');
    for (const what of [
      'noise',
      'tokens',
      'samplers',
      'adapters',
      'lora.out',
      'control.out',
      'pipeline.image',
    ]) {
      expect(names).toContain(what);
    }
  }, 240_000);
});
