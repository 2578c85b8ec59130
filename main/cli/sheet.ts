import sharp from 'sharp';

/** A sheet of pictures with its headings. */
export interface Sheet {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly title: string;
  /** Picture files row by row. */
  readonly cells: readonly string[];
}

/** Pixels of a heading, between cells, and of a column of row headings. */
const HEADING = 28;
const GAP = 6;
const MARGIN = 150;
/** Largest edge of a sheet in pixels; cells are made smaller to fit. */
const LARGEST = 8192;

/** Draws a sheet and writes it as PNG; cells keep their own pixels unless the sheet would be too large. */
export async function drawSheet(path: string, { columns, rows, title, cells }: Sheet): Promise<void> {
  const { width, height } = await sharp(cells[0]).metadata();
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
  const layers = await Promise.all(
    cells.map(async (cell, i) => ({
      input: await sharp(cell).resize(wide, high, { fit: 'fill' }).png().toBuffer(),
      left: left + (i % columns.length) * (wide + GAP),
      top: top + Math.floor(i / columns.length) * (high + GAP),
    })),
  );
  const texts = [
    ...(title === '' ? [] : [text(title, 8, HEADING / 2)]),
    ...columns.map((label, i) => text(label, left + i * (wide + GAP) + 8, top - HEADING / 2, wide)),
    ...rows.map((label, i) => text(label, 8, top + i * (high + GAP) + high / 2, MARGIN)),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${sheetHeight}">${texts.join('')}</svg>`;
  await sharp({ create: { width: sheetWidth, height: sheetHeight, channels: 3, background: '#ffffff' } })
    .composite([...layers, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toFile(path);
}

/** @param room pixels that the text may take */
function text(label: string, x: number, y: number, room = LARGEST): string {
  const fits = Math.max(4, Math.floor((room - 12) / 7));
  const shown = label.length > fits ? `${label.slice(0, fits - 1)}…` : label;
  const escaped = shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" dominant-baseline="middle" font-family="sans-serif" font-size="13">${escaped}</text>`;
}
