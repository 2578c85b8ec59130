import { expect, expectTypeOf, it } from 'vitest';
import {
  changeSchema,
  TILE_BYTES,
  TILE_EDGE,
  type Change as ContractChange,
} from '../../../../preload/contract/documents.ts';
import { blendModeSchema, type LayerRecord as ContractLayer } from '../../../../preload/contract/layers.ts';
import type { Change } from '../../../../renderer/engine/changes.ts';
import { BLEND_MODES } from '../../../../renderer/engine/layers/blend-mode.ts';
import { layerRecord, type LayerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { layerMask } from '../../../../renderer/engine/layers/layer-mask.ts';
import { RGBA8, TILE_SIZE } from '../../../../renderer/engine/tiles/tile.ts';

it('the engine’s changes are what crosses the boundary', () => {
  expectTypeOf<ContractChange>().toExtend<Change>();
  expectTypeOf<ContractLayer>().toExtend<LayerRecord>();
  expectTypeOf<LayerRecord>().toExtend<ContractLayer>();
  const changes: Change[] = [
    { type: 'note', key: 'selection', bytes: Uint8Array.of(1, 2, 3) },
    { type: 'note', key: 'aids', bytes: null },
    { type: 'layer-add', layer: layerRecord({ id: 'a', recipe: { seed: 1 } }), parent: null, index: 0 },
    { type: 'layer-props', layerId: 'a', props: { opacity: 0.5, blend: 'hard-mix', name: 'Ink' } },
    {
      type: 'layer-props',
      layerId: 'a',
      props: {
        text: {
          text: 'Grüße\nשלום',
          font: 'Georgia',
          size: 48,
          weight: 700,
          italic: true,
          align: 'center',
          leading: 1.2,
          spacing: -0.02,
          colour: '#0a0b0c',
          place: { a: 1, b: 0.5, c: -0.5, d: 1, e: -12.25, f: 900 },
        },
      },
    },
    { type: 'layer-props', layerId: 'a', props: { text: null } },
    {
      type: 'tiles',
      layerId: 'a',
      tiles: [
        { x: -3, y: 9, data: new Uint8Array(RGBA8.tileBytes) },
        { x: 0, y: 0, data: null },
      ],
    },
    { type: 'layer-move', layerId: 'a', parent: null, index: 0 },
    {
      type: 'layer-props',
      layerId: 'a',
      props: { mask: layerMask(1), fillOpacity: 0.25 },
    },
    { type: 'mask-tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: new Uint8Array(65536) }] },
    {
      type: 'layer-add',
      layer: layerRecord({
        id: 'b',
        kind: 'fill',
        fill: {
          type: 'gradient',
          shape: 'radial',
          stops: [{ at: 0, colour: [0, 0.5, 1], opacity: 1 }],
          from: { x: 0, y: 0 },
          to: { x: 9, y: 9 },
        },
      }),
      parent: null,
      index: 0,
    },
    {
      type: 'layer-add',
      layer: layerRecord({
        id: 'c',
        kind: 'adjustment',
        adjustment: {
          type: 'curves',
          rgb: [
            [0, 0],
            [1, 0.5],
          ],
        },
      }),
      parent: null,
      index: 0,
    },
    { type: 'format', format: { depth: 16, colourSpace: 'display-p3', profile: new Uint8Array(3) } },
    { type: 'canvas', width: 300, height: 200 },
    { type: 'layer-remove', layerId: 'a' },
  ];
  for (const change of changes) expect(changeSchema.parse(change)).toEqual(change);
});

it('both sides name the same blend modes and the same tile', () => {
  expect(blendModeSchema.options).toEqual([...BLEND_MODES]);
  expect([TILE_EDGE, TILE_BYTES]).toEqual([TILE_SIZE, RGBA8.tileBytes]);
});
