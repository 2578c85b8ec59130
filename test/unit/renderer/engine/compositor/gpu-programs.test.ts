import { describe, expect, it } from 'vitest';
import { listBlocks } from '../../../../../renderer/engine/compositor/gpu/block-lists.ts';
import {
  compositeShader,
  EVERY_NEED,
} from '../../../../../renderer/engine/compositor/gpu/composite-shader.ts';
import { compileProgram } from '../../../../../renderer/engine/compositor/gpu/program.ts';
import { needsKey, satisfies } from '../../../../../renderer/engine/compositor/gpu/shader-needs.ts';
import { planDocument } from '../../../../../renderer/engine/compositor/plan.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { blendModeIndex } from '../../../../../renderer/engine/layers/blend-mode.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';

/** A sheet of one colour on part of a layer. */
function paint(
  document: PaintDocument,
  layerId: string,
  rect: { x: number; y: number; width: number; height: number },
  alpha: number,
): void {
  const pixels = new Uint8Array(rect.width * rect.height * 4).fill(alpha);
  const tiles = writeRegion(document.layers.get(layerId), rect, pixels);
  document.apply([{ type: 'tiles', layerId, tiles }]);
}

function listAt(document: PaintDocument, x: number, y: number): number[] {
  const { spans } = compileProgram(planDocument(document));
  const { words } = listBlocks(spans, { x, y, width: 1, height: 1 });
  return [...words.subarray(words[0], words[0]! + words[1]!)];
}

describe('lists of instructions of blocks', () => {
  it('leave out what has nothing in a block, and what an opaque layer hides', () => {
    const document = new PaintDocument(
      512,
      512,
      ['a', 'b', 'c'].map((id) => layerRecord({ id })),
    );
    const everywhere = { x: 0, y: 0, width: 512, height: 512 };
    paint(document, 'a', everywhere, 128);
    paint(document, 'b', { x: 0, y: 0, width: 256, height: 64 }, 255);
    paint(document, 'c', { x: 64, y: 0, width: 64, height: 64 }, 90);
    expect(listAt(document, 300, 300)).toEqual([0]);
    expect(listAt(document, 10, 10)).toEqual([1]);
    expect(listAt(document, 70, 10)).toEqual([1, 2]);
  });

  it('leave out empty groups and what is clipped to nothing', () => {
    const document = new PaintDocument(512, 512, [layerRecord({ id: 'sheet' })]);
    const add = (id: string, parent: string | null, index: number, props: object = {}): void => {
      document.apply([{ type: 'layer-add', layer: layerRecord({ id, ...props }), parent, index }]);
    };
    add('group', null, 1, { kind: 'group', opacity: 0.5 });
    add('inside', 'group', 0);
    add('base', null, 2);
    add('clipped', null, 3, { clipped: true });
    paint(document, 'sheet', { x: 0, y: 0, width: 512, height: 512 }, 128);
    paint(document, 'clipped', { x: 0, y: 0, width: 512, height: 512 }, 128);
    paint(document, 'inside', { x: 0, y: 0, width: 64, height: 64 }, 128);
    paint(document, 'base', { x: 64, y: 0, width: 64, height: 64 }, 128);
    const [sheet] = listAt(document, 300, 300);
    expect(listAt(document, 300, 300)).toHaveLength(1);
    // Push the group, its layer, and over.
    expect(listAt(document, 10, 10)).toEqual([sheet, 1, 2, 3]);
    // The base, what is clipped to it, clip, and over.
    expect(listAt(document, 70, 10)).toEqual([sheet, 4, 5, 6, 7]);
  });

  it('are those of each block of a rectangle, neighbours sharing theirs', () => {
    const document = new PaintDocument(
      512,
      512,
      ['a', 'b'].map((id) => layerRecord({ id })),
    );
    paint(document, 'a', { x: 0, y: 0, width: 512, height: 512 }, 128);
    paint(document, 'b', { x: 128, y: 64, width: 64, height: 64 }, 128);
    const { spans } = compileProgram(planDocument(document));
    const { firstX, firstY, across, words } = listBlocks(spans, { x: 70, y: 10, width: 130, height: 100 });
    expect([firstX, firstY, across]).toEqual([1, 0, 3]);
    const lengths = [0, 1, 2, 3, 4, 5].map((block) => words[2 * block + 1]);
    expect(lengths).toEqual([1, 1, 1, 1, 2, 1]);
    expect(words[0]).toBe(words[2]);
  });
});

describe('shaders', () => {
  const needsOf = (...blends: readonly string[]) => {
    const layers = blends.map((blend, i) => layerRecord({ id: `${i}`, blend } as { id: string }));
    return compileProgram(planDocument(new PaintDocument(64, 64, layers))).needs;
  };

  it('hold the blend modes in use and no other', () => {
    const shader = compositeShader(needsOf('normal', 'multiply'));
    expect(shader).toContain(`case ${blendModeIndex('multiply')}u: { return cb * cs; }`);
    expect(shader).not.toContain(`case ${blendModeIndex('screen')}u: { return cb + cs`);
    expect(shader).not.toContain('switch step.x');
    expect(compositeShader(EVERY_NEED).length).toBeGreaterThan(shader.length * 1.5);
  });

  it('are the same for documents that use the same, whatever their layers', () => {
    expect(needsKey(needsOf('normal', 'screen', 'screen'))).toBe(needsKey(needsOf('screen', 'normal')));
    expect(needsKey(needsOf('normal'))).not.toBe(needsKey(needsOf('normal', 'screen')));
  });

  it('stand in for others only where they can do all that is needed', () => {
    expect(satisfies(EVERY_NEED, needsOf('normal', 'hue', 'dissolve'))).toBe(true);
    expect(satisfies(needsOf('normal', 'screen'), needsOf('screen', 'normal'))).toBe(true);
    expect(satisfies(needsOf('normal'), needsOf('normal', 'screen'))).toBe(false);
  });
});
