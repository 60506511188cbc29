// Photos before they are kept: at most 1600 pixels wide or high, so that a night's reports fit on a phone and
// through a weak signal. What the camera wrote (when it was taken) goes along; the turn is already made.
const MOST_SIDE = 1600;
const SMALL_ENOUGH = 600_000;

export async function lighter(file) {
  if (file.type !== "image/jpeg" || file.size <= SMALL_ENOUGH || !("createImageBitmap" in globalThis)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    if (!made || made.size >= file.size) return file;
    const written = upright(await camera(file));
    const parts = written ? [made.slice(0, 2), written, made.slice(2)] : [made];
    return new File(parts, file.name, { type: file.type, lastModified: file.lastModified });
  } catch {
    // A picture that this browser cannot read goes as it is; the server says what it thinks of it.
    return file;
  }
}

// The segment in which a camera writes (Exif), as it stands in the file; null where there is none.
async function camera(file) {
  const bytes = new DataView(await file.slice(0, 262_144).arrayBuffer());
  for (let at = 2; at + 10 < bytes.byteLength && bytes.getUint8(at) === 0xff; ) {
    const [kind, size] = [bytes.getUint8(at + 1), bytes.getUint16(at + 2)];
    if (kind === 0xda) break;
    const end = at + 2 + size;
    if (kind === 0xe1 && bytes.getUint32(at + 4) === 0x45786966) return end <= bytes.byteLength ? new Uint8Array(bytes.buffer.slice(at, end)) : null;
    at = end;
  }
  return null;
}

// The same with its turn (tag 0x0112) set to none: the pixels are upright now.
function upright(segment) {
  if (!segment) return null;
  const tiff = new DataView(segment.buffer, 10);
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  const count = tiff.getUint16(first, little);
  for (let entry = 0; entry < count; entry += 1) {
    const at = first + 2 + entry * 12;
    if (tiff.getUint16(at, little) === 0x0112) tiff.setUint16(at + 8, 1, little);
  }
  return segment;
}
