// A phrase in the text and its line in the list light up together, on focus and under the pointer.

export function link(page) {
  for (const mark of page.querySelectorAll(".ad-text .mark")) {
    const row = page.querySelector(mark.hash);
    const light = (on) => () => row.classList.toggle("on", on);
    for (const name of ["focus", "pointerenter"]) mark.addEventListener(name, light(true));
    for (const name of ["blur", "pointerleave"]) mark.addEventListener(name, light(false));
  }
  for (const back of page.querySelectorAll(".phrases .mark, .quote a")) {
    const mark = page.querySelector(back.hash);
    const light = (on) => () => mark.classList.toggle("on", on);
    for (const name of ["focus", "pointerenter"]) back.addEventListener(name, light(true));
    for (const name of ["blur", "pointerleave"]) back.addEventListener(name, light(false));
  }
}
