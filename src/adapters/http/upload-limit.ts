/**
 * The largest uploaded archive or shared file, in bytes. The largest firmware set of these phones
 * is below 2 MiB; the rest is room for archives that carry several folders beside it.
 */
export const UPLOAD_LIMIT_BYTES = 32 * 1024 * 1024
