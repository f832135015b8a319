// How far the work on an upload is, said anew every few seconds; the page itself comes anew when
// there is something else to do.
//
//   data-follow="/address"       what to ask
//   data-status="running"        what the page was made for
//   data-figure="rows"           a figure of the answer

const EVERY = 2000;

export function follow(page) {
  const place = page.querySelector("[data-follow]");
  if (place) setTimeout(ask, EVERY, page, place);
}

async function ask(page, place) {
  try {
    const answer = await fetch(place.dataset.follow);
    if (answer.ok) tell(page, place, await answer.json());
  } catch {
    // The service or the database is away: it is asked again.
  }
  follow(page);
}

function tell(page, place, told) {
  if (told.status !== place.dataset.status || !told.busy) {
    delete place.dataset.follow;
    location.reload();
    return;
  }
  const bar = place.querySelector("progress");
  if (bar) bar.value = told.share;
  for (const [name, words] of Object.entries(told.figures)) {
    const figure = place.querySelector(`[data-figure="${name}"]`);
    if (figure && figure.textContent !== words) figure.textContent = words;
  }
}
