/** Endings of files that hold brushes of other programs. */
export const BRUSH_FILE = /\.(?:abr|myb)$/i;
