// A screen runs for weeks with nobody near it. When the server cannot be asked just now, since it is being started anew say, no
// error page takes the wall's place for good; but nobody's words stand there meanwhile, for they may have been taken back.
const wait = Number(document.body.dataset.seconds) * 1000;

async function again() {
  const asked = { cache: "no-store", signal: AbortSignal.timeout(15_000) };
  const answer = await fetch(location.href, asked).catch(() => null);
  if (answer && (answer.ok || answer.status === 404)) return location.reload();
  document.getElementById("main").replaceChildren();
  setTimeout(again, 15_000);
}

setTimeout(again, wait);
