import type { DocumentEvent, PaintDocument } from '../../document.ts';
import { EngineError } from '../../error.ts';
import { intersectRect, type Rect } from '../../geometry/rect.ts';
import { colourFormat, maskFormat, TILE_SIZE, tileRange, tileRect, type BitDepth } from '../../tiles/tile.ts';
import { DamageTracker } from '../damage-tracker.ts';
import { planDocument } from '../plan.ts';
import type { AlphaFormat } from '../write-pixels.ts';
import { listBlocks } from './block-lists.ts';
import { WORKGROUP } from './composite-shader.ts';
import { type CompositePipelines, pipelinesOf } from './pipelines.ts';
import { compileProgram, NONE, type CompositeProgram } from './program.ts';
import { satisfies } from './shader-needs.ts';
import { TileAtlas } from './tile-atlas.ts';

/** What a GPU compositor is made with. */
export interface GpuCompositorOptions {
  /** Tiles kept on the GPU, 256 KiB each; bounded by the device's `maxTextureArrayLayers`. Default 512. */
  readonly tileSlots?: number;
  /**
   * Compile aside a shader that can do everything, which draws while one for newly chosen blend modes is compiled. Not for a
   * card in software, where it would draw for minutes. Default false.
   */
  readonly general?: boolean;
}

// Flags by number: the globals that name them exist in a page but not in every host.
const UNIFORM = 0x40;
const STORAGE = 0x80;
const COPY_SRC = 0x04;
const COPY_DST = 0x08;
const MAP_READ = 0x01;

/** Longest edge that is composited in one piece: 16 MiB of result. */
const PIECE = 2048;

/**
 * Composites a document on a GPU that it is given: the WGSL twin of `CpuCompositor`, equal to it within 1/255. All layers
 * of a pixel that have something in its block are composited in registers in one pass, by a shader that holds only what they
 * make use of, so the cost of a dab is what it covers; nothing is kept but the tiles themselves.
 */
export class GpuCompositor {
  readonly #device: GPUDevice;
  readonly #document: PaintDocument;
  readonly #tileSlots: number;
  #depth: BitDepth;
  #atlas: TileAtlas;
  #maskAtlas: TileAtlas;
  readonly #pipelines: CompositePipelines;
  #general: boolean;
  readonly #damage: DamageTracker;
  readonly #unsubscribe: () => void;
  readonly #buffers = new Map<string, GPUBuffer>();
  #program: CompositeProgram | null = null;
  #solo: string | null = null;

  constructor(device: GPUDevice, document: PaintDocument, options: GpuCompositorOptions = {}) {
    this.#device = device;
    this.#document = document;
    this.#tileSlots = options.tileSlots ?? 512;
    this.#depth = document.format.depth;
    this.#atlas = new TileAtlas(device, this.#tileSlots, colourFormat(this.#depth));
    this.#maskAtlas = new TileAtlas(device, this.#tileSlots, maskFormat(this.#depth));
    this.#pipelines = pipelinesOf(device);
    this.#general = options.general ?? false;
    this.#damage = new DamageTracker(document);
    this.#unsubscribe = document.subscribe((event) => this.#follow(event));
  }

  /** Shows one layer by itself, or all again; as `CpuCompositor.setSolo`, but that it tells nobody. */
  setSolo(layerId: string | null): void {
    if (layerId === this.#solo) return;
    this.#solo = layerId;
    this.#program = null;
    this.#damage.add({ changes: [], pixels: [], structure: this.#document.canvas });
  }

  /** What looks different since the last call; as `CpuCompositor.takeDamage`. */
  takeDamage(): Rect[] {
    return this.#damage.take();
  }

  /**
   * Composites a rectangle of any size and reads it back.
   * @returns RGBA8, `rect.width * rect.height * 4` bytes.
   * @throws EngineError `gpu-limit` when groups nest too deep or one tile's layers do not fit the atlas: use the CPU
   * compositor then. Rejects when the device is lost.
   */
  async read(rect: Rect, format: AlphaFormat = 'straight'): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const out = new Uint8ClampedArray(rect.width * rect.height * 4);
    for (let y = rect.y; y < rect.y + rect.height; y += PIECE) {
      for (let x = rect.x; x < rect.x + rect.width; x += PIECE) {
        await this.#readPiece(rect, intersectRect(rect, { x, y, width: PIECE, height: PIECE }), out, format);
      }
    }
    return out;
  }

  /** Stops following the document and frees what it holds on the GPU; the device stays. */
  dispose(): void {
    this.#unsubscribe();
    this.#atlas.dispose();
    this.#maskAtlas.dispose();
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }

  async #readPiece(rect: Rect, piece: Rect, out: Uint8ClampedArray, format: AlphaFormat): Promise<void> {
    const { program, pipeline } = await this.#shader();
    const stride = Math.ceil(piece.width / 64) * 64;
    const bytesPerRow = stride * 4;
    const buffer = this.#buffer('result', bytesPerRow * piece.height, STORAGE | COPY_SRC);
    this.#followDepth();
    this.#write('program', STORAGE, program.code);
    this.#write('data', STORAGE, program.data);
    this.#compositePart(piece, { piece, program, pipeline, result: buffer, stride, format });
    const size = bytesPerRow * piece.height;
    const staging = this.#device.createBuffer({ label: 'readback', size, usage: MAP_READ | COPY_DST });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(MAP_READ);
      const bytes = new Uint8Array(staging.getMappedRange());
      for (let y = 0; y < piece.height; y++) {
        const row = bytes.subarray(y * bytesPerRow, y * bytesPerRow + piece.width * 4);
        out.set(row, ((piece.y - rect.y + y) * rect.width + piece.x - rect.x) * 4);
      }
      staging.unmap();
    } finally {
      staging.destroy();
    }
  }

  /** The program as it is, and a shader that can run it. */
  async #shader(): Promise<Pick<Run, 'program' | 'pipeline'>> {
    for (;;) {
      const { needs, pipeline } = await this.#pipelines.get(this.#currentProgram().needs);
      const program = this.#currentProgram();
      // The document may have been given other modes meanwhile.
      if (!satisfies(needs, program.needs)) continue;
      if (this.#general) this.#pipelines.makeGeneral();
      this.#general = false;
      return { program, pipeline };
    }
  }

  #currentProgram(): CompositeProgram {
    return (this.#program ??= compileProgram(planDocument(this.#document, this.#solo)));
  }

  /** Composites a part whose tiles fit the atlas together, or its halves. */
  #compositePart(part: Rect, run: Run): void {
    const range = tileRange(part);
    const slots = this.#placeTiles(range, run.program);
    if (slots) {
      this.#dispatch(part, range, slots, run);
      return;
    }
    for (const half of halves(part)) this.#compositePart(half, run);
  }

  /** The slot of every layer's tile and of every mask's, tile by tile; null when they do not fit together. */
  #placeTiles(
    range: ReturnType<typeof tileRange>,
    { layers, masks }: CompositeProgram,
  ): Uint32Array<ArrayBuffer> | null {
    const { canvas } = this.#document;
    const tiles = (range.x1 - range.x0) * (range.y1 - range.y0);
    const slots = new Uint32Array(Math.max(4, tiles * (layers.length + masks.length))).fill(NONE);
    this.#atlas.beginBatch();
    this.#maskAtlas.beginBatch();
    let at = 0;
    const put = (atlas: TileAtlas, data: Uint8Array | undefined): boolean => {
      const slot = data ? atlas.place(data) : NONE;
      if (slot === null && tiles === 1)
        throw new EngineError('gpu-limit', `${layers.length} layers do not fit the GPU's tiles.`);
      slots[at++] = slot ?? NONE;
      return slot !== null;
    };
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        for (const layer of layers) if (!put(this.#atlas, layer.get(tx, ty))) return null;
        for (const mask of masks) if (!put(this.#maskAtlas, mask.maskTile(tx, ty, canvas))) return null;
      }
    }
    return slots;
  }

  /** Tiles of another depth need another texture. */
  #followDepth(): void {
    const { depth } = this.#document.format;
    if (depth === this.#depth) return;
    this.#depth = depth;
    this.#atlas.dispose();
    this.#maskAtlas.dispose();
    this.#atlas = new TileAtlas(this.#device, this.#tileSlots, colourFormat(depth));
    this.#maskAtlas = new TileAtlas(this.#device, this.#tileSlots, maskFormat(depth));
  }

  #dispatch(
    part: Rect,
    range: ReturnType<typeof tileRange>,
    slots: Uint32Array<ArrayBuffer>,
    { piece, program, pipeline, result, stride, format }: Run,
  ): void {
    const lists = listBlocks(program.spans, part);
    const parameters = new Int32Array([
      part.x,
      part.y,
      part.width,
      part.height,
      range.x0,
      range.y0,
      range.x1 - range.x0,
      program.layers.length,
      lists.across,
      format === 'straight' ? 1 : 0,
      stride,
      (part.y - piece.y) * stride + part.x - piece.x,
      program.masks.length,
      0,
      lists.firstX,
      lists.firstY,
    ]);
    new Float32Array(parameters.buffer)[13] = colourFormat(this.#depth).maximum;
    const resources: GPUBindingResource[] = [
      { buffer: this.#write('parameters', UNIFORM, parameters) },
      { buffer: this.#buffer('program', 16, STORAGE | COPY_DST) },
      { buffer: this.#write('slots', STORAGE, slots) },
      this.#atlas.texture.createView({ dimension: '2d-array' }),
      this.#maskAtlas.texture.createView({ dimension: '2d-array' }),
      { buffer: this.#buffer('data', 16, STORAGE | COPY_DST) },
      { buffer: result },
      { buffer: this.#write('lists', STORAGE, lists.words) },
    ];
    const group = this.#device.createBindGroup({
      layout: this.#pipelines.layout,
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(part.width / WORKGROUP), Math.ceil(part.height / WORKGROUP));
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Fills a buffer that is kept under a name. */
  #write(
    label: string,
    usage: number,
    values: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  ): GPUBuffer {
    const buffer = this.#buffer(label, Math.max(16, values.byteLength), usage | COPY_DST);
    this.#device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }

  /** A buffer that is made once and made anew only when it has to grow. */
  #buffer(label: string, size: number, usage: number): GPUBuffer {
    const kept = this.#buffers.get(label);
    if (kept && kept.size >= size) return kept;
    kept?.destroy();
    const made = this.#device.createBuffer({ label, size: Math.ceil(size / 16) * 16, usage });
    this.#buffers.set(label, made);
    return made;
  }

  #follow(event: DocumentEvent): void {
    this.#damage.add(event);
    if (event.structure) this.#program = null;
    for (const { layerId, plane, rect } of event.pixels) {
      const overlay = this.#document.layers.find(layerId)?.plane(plane).overlay;
      if (!overlay) continue;
      const atlas = plane === 'pixels' ? this.#atlas : this.#maskAtlas;
      const range = tileRange(rect);
      for (let ty = range.y0; ty < range.y1; ty++) {
        for (let tx = range.x0; tx < range.x1; tx++) {
          const data = overlay.get(tx, ty);
          const part = intersectRect(rect, tileRect(tx, ty));
          if (data) atlas.touch(data, { ...part, x: part.x - tx * TILE_SIZE, y: part.y - ty * TILE_SIZE });
        }
      }
    }
  }
}

/** One run of a program over a piece of at most `PIECE` pixels along each edge. */
interface Run {
  readonly piece: Rect;
  readonly program: CompositeProgram;
  readonly pipeline: GPUComputePipeline;
  readonly result: GPUBuffer;
  /** Pixels a row of the result. */
  readonly stride: number;
  readonly format: AlphaFormat;
}

/** The two halves of a rectangle, cut where tiles meet. */
function halves(rect: Rect): Rect[] {
  const range = tileRange(rect);
  const across = range.x1 - range.x0;
  if (across > 1) {
    const cut = (range.x0 + Math.floor(across / 2)) * TILE_SIZE;
    return [
      { ...rect, width: cut - rect.x },
      { ...rect, x: cut, width: rect.x + rect.width - cut },
    ];
  }
  const cut = (range.y0 + Math.floor((range.y1 - range.y0) / 2)) * TILE_SIZE;
  return [
    { ...rect, height: cut - rect.y },
    { ...rect, y: cut, height: rect.y + rect.height - cut },
  ];
}
