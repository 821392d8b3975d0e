// Which part of one's picture is seen: moved by finger, pinch, wheel or the three sliders. Without this file, or with a
// picture that the browser cannot read, the nine places stand there instead. Sends the middle and the size as shares.
const box = document.querySelector("[data-crop]");
const form = box?.closest("form");
const field = form?.elements.photo;
const canvas = box?.querySelector("canvas");
const places = form?.querySelector(".crop__place");
const ways = Object.fromEntries([...(box?.querySelectorAll("[data-way]") ?? [])].map((one) => [one.dataset.way, one]));
const SMALLEST = 0.2;
let picture = null;
let view = null;
const fingers = new Map();

const within = (number, least, most) => Math.min(most, Math.max(least, number));

function sides() {
  const largest = Math.min(picture.width, picture.height * canvas.width / canvas.height);
  const width = largest * view.size;
  return [width, width * canvas.height / canvas.width];
}

function show() {
  view.size = within(view.size, SMALLEST, 1);
  const [width, height] = sides();
  const room = [picture.width - width, picture.height - height];
  const left = within(view.x * picture.width - width / 2, 0, room[0]);
  const top = within(view.y * picture.height - height / 2, 0, room[1]);
  view.x = (left + width / 2) / picture.width;
  view.y = (top + height / 2) / picture.height;
  canvas.getContext("2d").drawImage(picture, left, top, width, height, 0, 0, canvas.width, canvas.height);
  for (const name of ["x", "y", "size"]) form.elements[name].value = view[name].toFixed(4);
  ways.size.value = (1 - view.size) / (1 - SMALLEST) * 100;
  ways.x.value = room[0] > 1 ? left / room[0] * 100 : 50;
  ways.y.value = room[1] > 1 ? top / room[1] * 100 : 50;
  ways.x.disabled = room[0] <= 1;
  ways.y.disabled = room[1] <= 1;
}

function offer(on) {
  box.hidden = !on;
  places.hidden = on;
  places.disabled = on;
  for (const name of ["x", "y", "size"]) form.elements[name].disabled = !on;
}

async function choose() {
  picture?.close();
  picture = null;
  try {
    if (field.files[0]) picture = await createImageBitmap(field.files[0]);
  } catch { /* the server says what is wrong with it */ }
  offer(picture !== null);
  if (!picture) return;
  view = { x: 0.5, y: 0.5, size: 1 };
  const [, height] = sides();
  view.y = (0.3 * (picture.height - height) + height / 2) / picture.height;
  show();
}

function slide() {
  view.size = 1 - ways.size.value / 100 * (1 - SMALLEST);
  const [width, height] = sides();
  if (!ways.x.disabled) view.x = (ways.x.value / 100 * (picture.width - width) + width / 2) / picture.width;
  if (!ways.y.disabled) view.y = (ways.y.value / 100 * (picture.height - height) + height / 2) / picture.height;
  show();
}

function apart() {
  const [one, two] = [...fingers.values()];
  return Math.hypot(one.x - two.x, one.y - two.y);
}

function drag(event) {
  const last = fingers.get(event.pointerId);
  if (!last || !picture) return;
  const before = fingers.size > 1 ? apart() : 0;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  if (before) view.size *= before / Math.max(1, apart());
  const scale = sides()[0] / canvas.getBoundingClientRect().width / fingers.size;
  view.x -= (event.clientX - last.x) * scale / picture.width;
  view.y -= (event.clientY - last.y) * scale / picture.height;
  show();
}

if (box && window.createImageBitmap) {
  field.addEventListener("change", choose);
  for (const one of Object.values(ways)) one.addEventListener("input", slide);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    if (!picture) return;
    event.preventDefault();
    view.size *= event.deltaY > 0 ? 1.08 : 0.92;
    show();
  }, { passive: false });
  if (field.files.length) choose(); // the browser kept what was chosen before
}
