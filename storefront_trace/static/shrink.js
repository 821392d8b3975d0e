// A photo as large as the server would keep it, and no larger: for it waits on the disk, and goes over a slow network.
// Drawn anew it is upright, and carries nothing but what is seen. What does not get smaller stays as it is, and so does
// everything when the browser cannot do it, or draws something else than it is told (some do, so that nobody is known
// by how they draw).
const WIDE = 1600; // photos/pictures.py: a parcel
const TALL = 3200;
const QUALITY = 0.85;

// `picture` is the file as an ImageBitmap.
export async function shrunk(file, picture) {
  const scale = Math.min(1, WIDE / picture.width, TALL / picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  if (!drawsTruly()) return file;
  pen.fillStyle = "#fff"; // as on the server, where nothing shines through
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (small?.type !== "image/jpeg" || small.size >= file.size) return file;
  return new File([small], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: small.type });
}

function drawsTruly() {
  const pen = Object.assign(document.createElement("canvas"), { width: 8, height: 8 }).getContext("2d");
  pen.fillStyle = "rgb(40, 120, 200)";
  pen.fillRect(0, 0, 8, 8);
  const seen = pen.getImageData(0, 0, 8, 8).data;
  return seen.every((value, place) => Math.abs(value - [40, 120, 200, 255][place % 4]) < 8);
}
