import sharp from 'sharp';

/** A sheet of pictures with its headings. */
export interface Sheet {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly title: string;
  /** Picture files row by row; null leaves a cell empty. */
  readonly cells: readonly (string | null)[];
}

/** Pixels of a heading, between cells, and of a column of row headings. */
const HEADING = 28;
const GAP = 6;
const MARGIN = 150;
/** Largest edge of a sheet in pixels; cells are made smaller to fit. */
const LARGEST = 8192;

/**
 * Draws a sheet as a PNG file; cells keep their own pixels unless the sheet would be too large.
 *
 * @throws RangeError when no cell has a picture
 */
export async function drawSheet({ columns, rows, title, cells }: Sheet): Promise<Uint8Array<ArrayBuffer>> {
  const first = cells.find((cell) => cell !== null);
  if (first === undefined || first === null) throw new RangeError('a sheet has at least one picture');
  const { width, height } = await sharp(first).metadata();
  const headed = rows.some((label) => label !== '');
  const left = headed ? MARGIN : 0;
  const top = HEADING + (title === '' ? 0 : HEADING);
  const scale = Math.min(
    1,
    (LARGEST - left - GAP * columns.length) / (width * columns.length),
    (LARGEST - top - GAP * rows.length) / (height * rows.length),
  );
  const [wide, high] = [Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale))];
  const [sheetWidth, sheetHeight] = [left + columns.length * (wide + GAP), top + rows.length * (high + GAP)];
  const placed = cells.flatMap((cell, i) => {
    const at = {
      left: left + (i % columns.length) * (wide + GAP),
      top: top + Math.floor(i / columns.length) * (high + GAP),
    };
    return cell === null ? [] : [{ cell, at }];
  });
  const layers = await Promise.all(
    placed.map(async ({ cell, at }) => ({
      input: await sharp(cell).resize(wide, high, { fit: 'fill' }).png().toBuffer(),
      ...at,
    })),
  );
  const texts = [
    ...(title === '' ? [] : [text(title, 8, HEADING / 2)]),
    ...columns.map((label, i) => text(label, left + i * (wide + GAP) + 8, top - HEADING / 2, wide)),
    ...rows.map((label, i) => text(label, 8, top + i * (high + GAP) + high / 2, MARGIN)),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${sheetHeight}">${texts.join('')}</svg>`;
  const png = await sharp({
    create: { width: sheetWidth, height: sheetHeight, channels: 3, background: '#ffffff' },
  })
    .composite([...layers, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toBuffer();
  return new Uint8Array(png);
}

/** @param room pixels that the text may take */
function text(label: string, x: number, y: number, room = LARGEST): string {
  const fits = Math.max(4, Math.floor((room - 12) / 7));
  const shown = label.length > fits ? `${label.slice(0, fits - 1)}…` : label;
  const escaped = shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" dominant-baseline="middle" font-family="sans-serif" font-size="13">${escaped}</text>`;
}
