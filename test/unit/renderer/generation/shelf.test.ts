import { beforeEach, expect, test } from 'vitest';
import {
  activeAdapters,
  addToShelf,
  changeOnShelf,
  takeOffShelf,
  useShelf,
} from '../../../../renderer/generation/shelf-store.ts';

beforeEach(() => useShelf.setState({ adapters: [] }));
const active = () => activeAdapters(useShelf.getState());

test('what is on goes into the request; off, and strength 0, is the same as not there', () => {
  addToShelf('/m/ink.safetensors', 'Ink');
  addToShelf('/m/grain.safetensors', 'Grain');
  expect(active()).toEqual([
    { path: '/m/ink.safetensors', strength: 1 },
    { path: '/m/grain.safetensors', strength: 1 },
  ]);
  changeOnShelf('/m/ink.safetensors', { strength: 0 });
  changeOnShelf('/m/grain.safetensors', { on: false });
  expect(active()).toEqual([]);
  changeOnShelf('/m/ink.safetensors', { strength: -0.5 });
  expect(active()).toEqual([{ path: '/m/ink.safetensors', strength: -0.5 }]);
});

test('a file is on the shelf once: adding it again turns it on and keeps its strength', () => {
  addToShelf('/m/ink.safetensors', 'Ink');
  changeOnShelf('/m/ink.safetensors', { strength: 0.4, on: false });
  expect(addToShelf('/m/ink.safetensors', 'Ink')).toBe(true);
  expect(active()).toEqual([{ path: '/m/ink.safetensors', strength: 0.4 }]);
  takeOffShelf('/m/ink.safetensors');
  expect(useShelf.getState().adapters).toEqual([]);
});

test('a request takes 32 adapters, and the shelf holds no more', () => {
  for (let i = 0; i < 32; i++) expect(addToShelf(`/m/${i}`, String(i))).toBe(true);
  expect(addToShelf('/m/one-more', 'one more')).toBe(false);
  expect(active()).toHaveLength(32);
});
