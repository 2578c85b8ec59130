import type { CurvePoints } from '../curve.ts';
import { unreadable } from './imported-brush.ts';
import type { MybSetting } from './myb-settings.ts';

/** What a MyPaint brush file says. */
export interface ParsedMyb {
  readonly version: number;
  readonly settings: ReadonlyMap<string, MybSetting>;
  /** What was passed over because it makes no sense. */
  readonly notes: string[];
}

/** Longest file that is read: real ones have a few kilobytes. */
const MAX_CHARACTERS = 1_000_000;
const MAX_POINTS = 64;

/** Parses JSON of version 3, or the text of versions 1 and 2. @throws EngineError `unreadable-file` */
export function parseMyb(text: string): ParsedMyb {
  if (text.length > MAX_CHARACTERS) throw unreadable(`it has ${text.length} characters, more than any brush`);
  return text.trimStart().startsWith('{') ? parseJson(text) : parseText(text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): ParsedMyb {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unreadable('its JSON is broken or cut off');
  }
  if (!isRecord(json)) throw unreadable('it is no MyPaint brush');
  const { version, settings } = json;
  if (version !== 3) throw unreadable(`its version ${JSON.stringify(version) ?? 'is missing and'} is not 3`);
  if (!isRecord(settings)) throw unreadable('it has no settings');
  const notes: string[] = [];
  const parsed = new Map<string, MybSetting>();
  for (const [name, setting] of Object.entries(settings)) {
    const read = readSetting(setting);
    if (read) parsed.set(name, read);
    else notes.push(`"${name.slice(0, 60)}" makes no sense and is left out.`);
  }
  if (parsed.size === 0) throw unreadable('none of its settings can be read');
  return { version, settings: parsed, notes };
}

function readSetting(setting: unknown): MybSetting | null {
  if (!isRecord(setting)) return null;
  const { base_value: base, inputs } = setting;
  if (typeof base !== 'number' || !Number.isFinite(base) || !isRecord(inputs)) return null;
  const curves = new Map<string, CurvePoints>();
  for (const [input, points] of Object.entries(inputs)) {
    const curve = readPoints(points);
    if (!curve) return null;
    if (curve.length > 0) curves.set(input, curve);
  }
  return { base, inputs: curves };
}

function readPoints(points: unknown): CurvePoints | null {
  if (!Array.isArray(points) || points.length > MAX_POINTS) return null;
  const curve: (readonly [number, number])[] = [];
  for (const point of points) {
    if (!Array.isArray(point)) return null;
    const [x, y]: unknown[] = point;
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x + y)) return null;
    curve.push([x, y]);
  }
  return curve.toSorted((a, b) => a[0] - b[0]);
}

/**
 * The text of versions 1 and 2: a setting a line, `name base | input x y, x y | input …`. In version 1 a curve is four
 * pairs `x y` after its first point at 0, 0.
 */
function parseText(text: string): ParsedMyb {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const version = Number(/^version\s+(\d+)\s*$/.exec(lines[0] ?? '')?.[1] ?? Number.NaN);
  if (version !== 1 && version !== 2) throw unreadable('it is no MyPaint brush');
  const notes: string[] = [];
  const settings = new Map<string, MybSetting>();
  for (const line of lines.slice(1)) {
    const read = readLine(line, version);
    if (read) settings.set(read.name, read.setting);
    else notes.push(`The line "${line.slice(0, 40)}" makes no sense and is left out.`);
  }
  if (settings.size === 0) throw unreadable('none of its settings can be read');
  return { version, settings, notes };
}

function readLine(line: string, version: 1 | 2): { name: string; setting: MybSetting } | null {
  const [head = '', ...parts] = line.split('|');
  const [name, base] = head.trim().split(/\s+/);
  // Brush files of that time carried other facts as lines of their own, with text for a value.
  if (name === undefined || base === undefined || !Number.isFinite(Number(base))) return null;
  const inputs = new Map<string, CurvePoints>();
  for (const part of parts) {
    const [input, ...numbers] = part
      .trim()
      .split(/[\s,()]+/)
      .filter((word) => word !== '');
    const values = numbers.map(Number);
    if (input === undefined || values.length % 2 !== 0 || values.some((value) => !Number.isFinite(value)))
      return null;
    if (values.length > 2 * MAX_POINTS) return null;
    const points = Array.from(
      { length: values.length / 2 },
      (_, i) => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0] as const,
    );
    inputs.set(input, version === 1 ? [[0, 0], ...points] : points);
  }
  return { name, setting: { base: Number(base), inputs } };
}
