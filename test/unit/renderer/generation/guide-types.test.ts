import { expect, test } from 'vitest';
import type { LibraryCard } from '../../../../preload/contract/index.ts';
import { offeredGuides } from '../../../../renderer/generation/guide-types.ts';

const net = (path: string, family: string | null): LibraryCard => ({
  path,
  family,
  name: path.split('/').at(-1) ?? path,
  stem: path,
  kind: 'controlnet',
  bytes: 1,
  triggerWords: [],
  details: [],
  modelId: null,
  problem: null,
});
const pathOf = (offered: ReturnType<typeof offeredGuides>, id: string): string | undefined =>
  offered.find(({ type }) => type.id === id)?.net?.path;

test('a sketch is followed by what came with the model, other guides by what the library has for its family', () => {
  const files = [net('/m/control_scribble', 'SD1.5'), net('/m/control_canny', null)];
  const shipped = { family: 'embedded 2', controls: [{ path: '/app/embedded/scribble', name: 'ships' }] };
  const own = offeredGuides(files, shipped);
  expect(pathOf(own, 'scribble')).toBe('/app/embedded/scribble');
  expect(pathOf(own, 'canny')).toBe('/m/control_canny');
  expect(pathOf(own, 'depth')).toBeUndefined();
  expect(pathOf(offeredGuides(files, { family: 'SD1.5' }), 'scribble')).toBe('/m/control_scribble');
  expect(pathOf(offeredGuides(files, { family: 'SDXL' }), 'scribble')).toBeUndefined();
  expect(pathOf(offeredGuides(files, null), 'scribble')).toBe('/m/control_scribble');
});
