/** Endings of files that hold brushes of other programs; Krita's are known to be so, and refused. */
export const BRUSH_FILE = /\.(?:abr|myb|gbr|gih|vbr|kpp|bundle)$/i;
