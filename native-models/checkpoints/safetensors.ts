import { open, realpath, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from '../errors.ts';
import { foreignFormat } from './foreign-format.ts';
import { firstDuplicateKey } from './json-keys.ts';
import { isStoredDtype, storedElementSize, type StoredDtype } from './stored-dtype.ts';

/** The format's own limit on the header (huggingface/safetensors, MAX_HEADER_SIZE). */
const maxHeaderBytes = 100_000_000;
const lengthBytes = 8;

/** Where a tensor lies in its file, and what it holds. */
export interface StoredTensor {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** What the header of a safetensors file says. */
export interface SafetensorsHeader {
  /** Absolute path with symbolic links resolved. */
  readonly file: string;
  /** Size of the whole file in bytes. */
  readonly fileBytes: number;
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Reads the header of a safetensors file and nothing else; every number in it is checked against the file.
 *
 * Format: https://github.com/huggingface/safetensors#format
 * @throws {ModelError} `file-missing`, `file-unreadable`, `file-truncated`, `header-invalid`,
 * `tensor-out-of-bounds` or `dtype-unsupported`, with the number that did not fit.
 */
export async function readSafetensorsHeader(filePath: string): Promise<SafetensorsHeader> {
  const handle = await openForReading(filePath);
  try {
    const { size } = await handle.stat();
    const text = await readHeaderText(handle, filePath, size);
    const { metadata, tensors } = parseHeader(filePath, text, lengthBytes + Buffer.byteLength(text), size);
    return { file: await realpath(filePath), fileBytes: size, metadata, tensors };
  } finally {
    await handle.close();
  }
}

/** Reads a tensor's bytes. The header has been checked, so a short read means that the file changed meanwhile. */
export async function readTensorBytes(file: string, tensor: StoredTensor): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await openForReading(file);
  try {
    return await readExactly(handle, file, tensor.offset, tensor.length);
  } finally {
    await handle.close();
  }
}

async function openForReading(filePath: string): Promise<FileHandle> {
  try {
    const handle = await open(filePath, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw missing
      ? new ModelError(
          'file-missing',
          `There is no file ${filePath}.`,
          'Check whether it was moved or renamed.',
          { cause },
        )
      : new ModelError('file-unreadable', `${filePath} cannot be read.`, 'Check its permissions.', { cause });
  }
  throw new ModelError('file-unreadable', `${filePath} is not a file.`, 'Choose a .safetensors file.');
}

async function readHeaderText(handle: FileHandle, filePath: string, size: number): Promise<string> {
  const name = path.basename(filePath);
  if (size < lengthBytes) {
    throw new ModelError('file-truncated', `${name} has only ${size} bytes.`, redownload);
  }
  const prefix = await readExactly(handle, filePath, 0, lengthBytes);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) {
    const foreign = foreignFormat(name, prefix);
    if (foreign !== undefined) throw foreign;
    throw invalid(name, `its header would be ${length} bytes long, above the limit of ${maxHeaderBytes}`);
  }
  if (length > BigInt(size - lengthBytes)) {
    throw new ModelError(
      'file-truncated',
      `${name} has ${size} bytes, but its header alone would take ${length}.`,
      redownload,
    );
  }
  const bytes = await readExactly(handle, filePath, lengthBytes, Number(length));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalid(name, 'its header is not UTF-8 text', { cause });
  }
}

async function readExactly(
  handle: FileHandle,
  filePath: string,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) {
      throw new ModelError(
        'file-truncated',
        `${path.basename(filePath)} ends ${length - done} bytes too early.`,
        redownload,
      );
    }
    done += bytesRead;
  }
  return bytes;
}

const redownload = 'The download was probably cut off: copy or download the file again.';

function invalid(name: string, why: string, options?: ErrorOptions): ModelError {
  return new ModelError(
    'header-invalid',
    `${name} is not a valid safetensors file: ${why}.`,
    'Download the file again, or ask its author for a safetensors version.',
    options,
  );
}

function parseHeader(
  filePath: string,
  text: string,
  dataStart: number,
  fileBytes: number,
): Pick<SafetensorsHeader, 'metadata' | 'tensors'> {
  const name = path.basename(filePath);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw invalid(name, 'its header is not JSON', { cause });
  }
  if (!isRecord(parsed)) throw invalid(name, 'its header is not a JSON object');
  const twice = firstDuplicateKey(text);
  if (twice !== undefined) throw invalid(name, `it names the tensor ${shorten(twice)} twice`);

  const metadata = new Map<string, string>();
  const tensors = new Map<string, StoredTensor>();
  for (const [key, entry] of Object.entries(parsed)) {
    if (key === '__metadata__') {
      if (!isRecord(entry)) throw invalid(name, 'its metadata are not an object');
      for (const [field, value] of Object.entries(entry)) {
        if (typeof value !== 'string')
          throw invalid(name, `its metadata field ${shorten(field)} is not text`);
        metadata.set(field, value);
      }
    } else {
      tensors.set(key, parseTensor(name, key, entry, dataStart, fileBytes));
    }
  }
  refuseOverlaps(name, tensors);
  return { metadata, tensors };
}

function parseTensor(
  name: string,
  key: string,
  entry: unknown,
  dataStart: number,
  fileBytes: number,
): StoredTensor {
  const label = shorten(key);
  if (!isRecord(entry)) throw invalid(name, `its entry for ${label} is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isStoredDtype(dtype)) {
    throw new ModelError(
      'dtype-unsupported',
      `${name} stores ${label} as ${shorten(String(dtype))}, a type that is not known.`,
      'Use an fp16, bf16 or fp32 version of the model.',
    );
  }
  if (!isCountList(shape)) throw invalid(name, `the shape of ${label} is not a list of whole numbers`);
  if (!isCountList(offsets) || offsets.length !== 2)
    throw invalid(name, `the offsets of ${label} are not two whole numbers`);
  const [begin = 0, end = 0] = offsets;
  const length = end - begin;
  if (length < 0 || dataStart + end > fileBytes) {
    throw new ModelError(
      'tensor-out-of-bounds',
      `${name} places ${label} at bytes ${begin} to ${end} of its data, which has ${fileBytes - dataStart}.`,
      redownload,
    );
  }
  const wanted = shape.reduce((product, n) => product * n, 1) * storedElementSize(dtype);
  if (wanted !== length) {
    throw invalid(name, `${label} of ${dtype} [${shape.join(', ')}] takes ${wanted} bytes but has ${length}`);
  }
  return { dtype, shape, offset: dataStart + begin, length };
}

function refuseOverlaps(name: string, tensors: ReadonlyMap<string, StoredTensor>): void {
  const sorted = [...tensors].filter(([, t]) => t.length > 0).sort(([, a], [, b]) => a.offset - b.offset);
  let end = 0;
  let before = '';
  for (const [key, tensor] of sorted) {
    if (tensor.offset < end) {
      throw invalid(name, `${shorten(before)} and ${shorten(key)} overlap by ${end - tensor.offset} bytes`);
    }
    end = tensor.offset + tensor.length;
    before = key;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
