// Photographs are made smaller on the phone before they are kept or sent: a few hundred kilobytes instead of many
// millions of bytes. The place stays behind, the time of taking goes along. What this browser can't open, and what
// would not become smaller, goes as it is; the server draws every photograph anew all the same.
"use strict";
const Smaller = (() => {
  const KINDS = ["image/jpeg", "image/heic", "image/heif"]; // what cameras make
  const ENOUGH = 400 * 1024; // a file of this size is small already
  const LONGEST_SIDE = 2560; // as many pixels as the server keeps
  const QUALITY = 0.82;
  const TAKEN = /^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$/;

  const text = (bytes, from, length) => String.fromCharCode(...bytes.subarray(from, from + length));

  // --- the time of taking, as the camera wrote it ---------------------------------------------------------------------
  function headOf(bytes) {
    for (let at = bytes.indexOf(0x45); at !== -1; at = bytes.indexOf(0x45, at + 1)) {
      const order = text(bytes, at + 6, 2);
      if (text(bytes, at, 6) === "Exif\0\0" && (order === "II" || order === "MM")) return at + 6;
    }
    return -1;
  }
  function takenAt(bytes) {
    const head = headOf(bytes);
    if (head === -1) return "";
    const view = new DataView(bytes.buffer, bytes.byteOffset + head);
    const isLittle = view.getUint16(0) === 0x4949;
    const entry = (table, tag) => {
      for (let left = view.getUint16(table, isLittle), at = table + 2; left > 0; left -= 1, at += 12) {
        if (view.getUint16(at, isLittle) === tag) return view.getUint32(at + 8, isLittle);
      }
      return 0;
    };
    const camera = entry(view.getUint32(4, isLittle), 0x8769);
    const written = camera ? entry(camera, 0x9003) : 0;
    const found = written ? text(bytes, head + written, 19) : "";
    return TAKEN.test(found) ? found : "";
  }
  function tryTakenAt(bytes) {
    try { return takenAt(bytes); } catch { return ""; } // a table that points out of the file
  }
  // One table with one entry, the camera's table, which holds the time and nothing else.
  function withTime(picture, taken) {
    const words = [0xffe1, 72, 0x4578, 0x6966, 0, 0x4d4d, 42, 0, 8, 1, 0x8769, 4, 0, 1, 0, 26, 0, 0, 1, 0x9003, 2, 0, 20, 0, 44, 0, 0];
    const segment = new Uint8Array(words.length * 2 + 20);
    words.forEach((word, place) => segment.set([word >> 8, word & 255], place * 2));
    [...taken].forEach((letter, place) => { segment[words.length * 2 + place] = letter.charCodeAt(0); });
    return new Blob([picture.subarray(0, 2), segment, picture.subarray(2)]).arrayBuffer();
  }

  // --- the picture ----------------------------------------------------------------------------------------------------
  async function drawn(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const paper = document.createElement("canvas");
    paper.width = Math.max(1, Math.round(picture.width * scale));
    paper.height = Math.max(1, Math.round(picture.height * scale));
    const pen = paper.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, paper.width, paper.height);
    picture.close();
    const made = await new Promise((done) => { paper.toBlob(done, "image/jpeg", QUALITY); });
    paper.width = paper.height = 0; // gives the memory back at once
    return new Uint8Array(await made.arrayBuffer());
  }
  async function of(file) {
    const bytes = await file.arrayBuffer();
    const asItIs = { name: file.name, type: file.type, bytes };
    if (!KINDS.includes(file.type) || file.size <= ENOUGH) return asItIs;
    try {
      const picture = await drawn(file);
      const taken = tryTakenAt(new Uint8Array(bytes));
      const made = taken ? await withTime(picture, taken) : picture.buffer;
      if (made.byteLength >= file.size) return asItIs;
      return { name: file.name.replace(/\.hei[cf]$/i, ".jpg"), type: "image/jpeg", bytes: made };
    } catch {
      return asItIs; // HEIC in most browsers, or a phone short of memory
    }
  }

  // --- a plain form's field: its photographs are replaced as soon as they are chosen -----------------------------------
  document.addEventListener("change", async (event) => {
    const field = event.target;
    if (!("smaller" in field.dataset) || field.closest("form[data-declare]")) return;
    const chosen = field.files;
    const carried = new DataTransfer();
    for (const file of chosen) {
      const one = await of(file).catch(() => null);
      carried.items.add(one ? new File([one.bytes], one.name, { type: one.type }) : file);
    }
    if (field.files === chosen) field.files = carried.files; // not where others were chosen meanwhile
  });

  return { of };
})();
